import type { Point } from '../domain/point.ts';
import { givenName } from '../domain/point-title.ts';
import type { Catalogue } from './catalogue.svelte.ts';

/** What a point is called: the name that people gave it, else what it is. */
export function pointName(point: Point, catalogue: Catalogue): string {
  return (
    givenName(point, catalogue.theme(point.theme)) ??
    catalogue.conceptLabel(point.concept) ??
    catalogue.themeLabel(point.theme)
  );
}
