import type { Draft } from './draft.ts';

/** What a person says of a known thing near the one they capture. */
export type Verdict = 'other' | 'unsure';

/** What changes in a draft when a thing nearby is told apart, or what was said of it is taken back (null). */
export function toldApart(
  { not_same_as, maybe_same_as = [] }: Draft,
  pointId: string,
  verdict: Verdict | null,
): Pick<Draft, 'not_same_as'> & { readonly maybe_same_as: readonly string[] } {
  const said = (ids: readonly string[], isSaid: boolean) => [
    ...ids.filter((id) => id !== pointId),
    ...(isSaid ? [pointId] : []),
  ];
  return {
    not_same_as: said(not_same_as, verdict === 'other'),
    maybe_same_as: said(maybe_same_as, verdict === 'unsure'),
  };
}
