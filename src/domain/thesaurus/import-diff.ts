import type { Labels } from '../language.ts';
import {
  type FieldValue,
  fieldsOf,
  isListField,
  listIn,
  sameValue,
  type TermContent,
} from './import-fields.ts';
import { movedBase, type MovedBase } from './import-base.ts';

/** A term as it is here. */
export interface HereTerm extends TermContent {
  readonly id: string;
  readonly status: 'accepted' | 'deprecated';
}

/** A term as a file says it, under the id that it has here or would have. */
export interface IncomingTerm extends HereTerm {
  /** Its address in the file. */
  readonly uri: string;
  /** What the source says instead of it, where it has given it up. */
  readonly replaced_by?: string | null;
}

/** What the source said of a term at the last import. */
export interface Origin extends Partial<TermContent> {
  readonly uri: string;
  /** `deprecated` where it had given the term up; absent as long as it used it. */
  readonly status?: string;
}

/** One field that an import changes, or would. */
export interface FieldChange {
  /** `labels.fr`, `alt.oc`, `broader`, `status`… */
  readonly field: string;
  /** What stood there as far as the source knows; of a list what is here. */
  readonly from: FieldValue;
  readonly to: FieldValue;
  /** Only where people here changed it too: what they made of it. */
  readonly local?: FieldValue;
}

export type RowKind = 'added' | 'changed' | 'vanished' | 'conflict' | 'same';

/** What an import does to one term. */
export interface ImportRow {
  readonly id: string;
  readonly kind: RowKind;
  readonly labels: Labels;
  readonly fields: readonly FieldChange[];
  readonly here: HereTerm | null;
  /** Null where the source no longer has it. */
  readonly incoming: IncomingTerm | null;
  readonly origin: Origin | null;
  /** How many of the group's own terms stand right below. */
  readonly localBelow: number;
}

export interface ImportDiff {
  readonly rows: readonly ImportRow[];
  /** The source has moved: its terms are the same under other addresses. */
  readonly moved: MovedBase | null;
}

interface Compared {
  readonly here: readonly HereTerm[];
  readonly origins: Readonly<Record<string, Origin>>;
  readonly incoming: readonly IncomingTerm[];
}

/**
 * Compares what a source says now with what it said at the last import and with what is here: what only the source changed is
 * `changed`, what both changed is a `conflict`, what people alone changed stays and is no row's concern. Terms without origin
 * are the group's own and never vanish. A term that the source has given up and that is not here is left out.
 */
export function importDiff({ here, origins, incoming }: Compared): ImportDiff {
  const byId = new Map(here.map((term) => [term.id, term]));
  const coming = knownAlone(
    incoming.filter(({ id, status }) => byId.has(id) || status === 'accepted'),
    byId,
  );
  const below = Map.groupBy(
    here.filter(({ id, status }) => !origins[id] && status === 'accepted'),
    ({ broader }) => broader,
  );
  const localBelow = (id: string) => below.get(id)?.length ?? 0;
  const rows = coming.map((term): ImportRow => {
    const known = byId.get(term.id) ?? null;
    const origin = origins[term.id] ?? null;
    const fields = known ? changesOf(known, origin, term) : [];
    const kind = !known
      ? 'added'
      : fields.some(({ local }) => local !== undefined)
        ? 'conflict'
        : fields.length > 0
          ? 'changed'
          : 'same';
    return {
      id: term.id,
      kind,
      labels: term.labels,
      fields,
      here: known,
      incoming: term,
      origin,
      localBelow: localBelow(term.id),
    };
  });
  const there = new Set(incoming.map(({ id }) => id));
  const vanished = here
    .filter(({ id, status }) => origins[id] && !there.has(id) && status === 'accepted')
    .map((term): ImportRow => {
      const { id, labels } = term;
      const origin = origins[id] ?? null;
      return {
        id,
        kind: 'vanished',
        labels,
        fields: [],
        here: term,
        incoming: null,
        origin,
        localBelow: localBelow(id),
      };
    });
  return { rows: [...rows, ...vanished], moved: movedBase(origins, incoming) };
}

/** Incoming terms that name none but those that are here or come along. */
function knownAlone(incoming: readonly IncomingTerm[], here: ReadonlyMap<string, HereTerm>): IncomingTerm[] {
  const coming = new Set(incoming.map(({ id }) => id));
  const isKnown = (id: string) => coming.has(id) || here.has(id);
  return incoming.map((term) => ({
    ...term,
    broader: term.broader !== null && isKnown(term.broader) ? term.broader : null,
    related: term.related.filter(isKnown),
  }));
}

function changesOf(here: HereTerm, origin: Origin | null, incoming: IncomingTerm): FieldChange[] {
  if (incoming.status === 'deprecated') {
    // What a source has given up is worth no other change.
    return here.status === 'accepted' ? [{ field: 'status', from: 'accepted', to: 'deprecated' }] : [];
  }
  const [ours, theirs] = [fieldsOf(here), fieldsOf(incoming)];
  const before = origin && fieldsOf(origin);
  const names = new Set([...theirs.keys(), ...(before?.keys() ?? [])]);
  const isBack = here.status === 'deprecated' && origin?.status === 'deprecated';
  const back: FieldChange[] = isBack ? [{ field: 'status', from: 'deprecated', to: 'accepted' }] : [];
  const changes = [...names].flatMap((field) => {
    const values = { field, ours: ours.get(field) ?? null, theirs: theirs.get(field) ?? null };
    const compare = isListField(field) ? listChange : textChange;
    return compare({ ...values, isFirst: !before, before: before?.get(field) ?? null }) ?? [];
  });
  return [...back, ...changes];
}

interface ThreeValues {
  readonly field: string;
  readonly ours: FieldValue;
  /** What the source said last; `isFirst`: it was never read for this term. */
  readonly before: FieldValue;
  readonly isFirst: boolean;
  readonly theirs: FieldValue;
}

/** A text, a place, a code. The order among siblings is worth no question: that of people here stays. */
function textChange({ field, ours, before, isFirst, theirs }: ThreeValues): FieldChange | null {
  if (theirs === before || theirs === ours) return null;
  if (ours === before) return { field, from: ours, to: theirs };
  return field === 'position' ? null : { field, from: isFirst ? null : before, to: theirs, local: ours };
}

/** A list: what the source added and took away since; all that it says where it was never read. Both sides' words are kept. */
function listChange({ field, ours, before, theirs }: ThreeValues): FieldChange | null {
  const [mine, was, now] = [listIn(ours), new Set(listIn(before)), listIn(theirs)];
  const taken = was.difference(new Set(now));
  const to = [...new Set([...mine.filter((one) => !taken.has(one)), ...now.filter((one) => !was.has(one))])];
  return sameValue(mine, to) ? null : { field, from: mine, to };
}
