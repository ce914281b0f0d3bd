/** What may be wrong with a public point, as anybody says it. The order is that of the questions. */
export const REPORT_KINDS = [
  'gone',
  'position',
  'description',
  'photo',
  'duplicate',
  'private',
  'other',
] as const;
export type ReportKind = (typeof REPORT_KINDS)[number];

/** What is missing of a report before it can leave. */
export interface ReportFaults {
  readonly kind?: 'choose';
  readonly text?: 'write';
  readonly email?: 'address';
}

interface Written {
  readonly kind: ReportKind | null;
  readonly text: string;
  readonly email: string;
}

/**
 * What is missing. Signed, a report is a comment, which has words, or says that the thing is gone; unsigned, its kind
 * may say it all.
 */
export function reportFaults({ kind, text, email }: Written, isSigned: boolean): ReportFaults {
  const needsWords = kind === 'other' || (isSigned && kind !== null && kind !== 'gone');
  const address = email.trim();
  return {
    ...(kind === null && { kind: 'choose' as const }),
    ...(needsWords && !text.trim() && { text: 'write' as const }),
    ...(!isSigned && address && !isAddress(address) && { email: 'address' as const }),
  };
}

/** Whether a text may be an e-mail address, by the same rule as the server. */
export function isAddress(text: string): boolean {
  return /^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(text) && text.length <= 320;
}
