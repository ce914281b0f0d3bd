import type { Json } from './json.ts';
import { REASONS } from './reasons.ts';

interface TrustRule {
  readonly enabled: boolean;
  readonly accepted: number;
  readonly audit: number;
}

interface OwnReason {
  readonly code: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** What the server takes where a theme sets nothing. */
const DEFAULT_TRUST: TrustRule = { enabled: false, accepted: 20, audit: 0.1 };
/** Letters of a code at most, the first included. */
const CODE_LENGTH = 40;

/** The earned trust of a theme, from its settings. */
export function readTrustRule(settings: Readonly<Record<string, Json>>): TrustRule {
  const trust = settings['trust'];
  if (typeof trust !== 'object' || trust === null || Array.isArray(trust)) return DEFAULT_TRUST;
  const { enabled, accepted, audit } = trust as Record<string, Json>;
  return {
    enabled: enabled === true,
    accepted: typeof accepted === 'number' && accepted >= 1 ? Math.trunc(accepted) : DEFAULT_TRUST.accepted,
    audit: typeof audit === 'number' && audit >= 0 && audit <= 1 ? audit : DEFAULT_TRUST.audit,
  };
}

/** Reasons that a theme has beside those of everywhere, which it may name too; a bare code stands for itself. */
export function readOwnReasons(settings: Readonly<Record<string, Json>>): readonly OwnReason[] {
  const reasons = settings['reasons'];
  if (!Array.isArray(reasons)) return [];
  const everywhere: readonly string[] = REASONS;
  const own = reasons.flatMap((one): OwnReason[] => {
    if (typeof one === 'string') return [{ code: one, labels: { fr: one } }];
    if (typeof one !== 'object' || one === null || Array.isArray(one)) return [];
    const { code, labels } = one as Record<string, Json>;
    if (typeof code !== 'string' || typeof labels !== 'object' || labels === null) return [];
    const words = Object.entries(labels).filter(
      (pair): pair is [string, string] => typeof pair[1] === 'string',
    );
    return [{ code, labels: Object.fromEntries(words) }];
  });
  return own.filter(({ code }) => !everywhere.includes(code));
}

/** A code for a reason from its words, none of `taken`: `accès fermé` gives `acces_ferme`. */
export function reasonCode(label: string, taken: readonly string[]): string {
  const folded = label
    .normalize('NFD')
    .replace(/\p{Diacritic}/gu, '')
    .toLowerCase()
    .replace(/œ/g, 'oe')
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^[^a-z]+|_+$/g, '');
  const base = (folded.length > 1 ? folded : `reason_${folded}`).slice(0, CODE_LENGTH - 3);
  if (!taken.includes(base)) return base;
  for (let n = 2; ; n++) if (!taken.includes(`${base}_${n}`)) return `${base}_${n}`;
}
