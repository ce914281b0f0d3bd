/** Ids of what explains a control, the hint and the error that show under its id, for `aria-describedby`. */
export function describedBy(
  uid: string,
  hint: string | undefined,
  error: string | undefined,
): string | undefined {
  return [hint ? `${uid}-hint` : '', error ? `${uid}-error` : ''].filter(Boolean).join(' ') || undefined;
}
