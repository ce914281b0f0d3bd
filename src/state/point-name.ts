import type { Point } from '../domain/point.ts';
import { titleOf } from './browse-item.ts';
import type { Catalogue } from './catalogue.svelte.ts';

/** What a point is called: the name that people gave it, else what it is. */
export function pointName(point: Point, catalogue: Catalogue): string {
  return (
    titleOf(point, catalogue) ?? catalogue.conceptLabel(point.concept) ?? catalogue.themeLabel(point.theme)
  );
}
