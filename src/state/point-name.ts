import type { Point } from '../domain/point.ts';
import { givenName } from '../domain/point-title.ts';
import type { QueueItem } from '../domain/queue-item.ts';
import type { Theme } from '../domain/theme.ts';

/** What names points in words: the catalogue. */
export interface Names {
  readonly theme: (id: string) => Theme | undefined;
  readonly themeLabel: (id: string) => string;
  readonly conceptLabel: (id: string | null) => string | null;
}

/** What a point is called: the name that people gave it, else what it is. */
export function pointName(point: Point, names: Names): string {
  return (
    givenName(point, names.theme(point.theme)) ??
    names.conceptLabel(point.concept) ??
    names.themeLabel(point.theme)
  );
}

/** What an item of the queue is called, whose point may not be on this device. */
export function itemName({ title, concept, theme }: QueueItem, names: Names): string {
  return title ?? names.conceptLabel(concept) ?? names.themeLabel(theme);
}
