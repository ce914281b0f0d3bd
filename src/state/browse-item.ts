import type { SearchItem } from '../api/points.ts';
import { firstThumb, type Point } from '../domain/point.ts';
import { givenName } from '../domain/point-title.ts';
import type { Catalogue } from './catalogue.svelte.ts';

/** Day on which someone last saw a point on the ground; an import only says when it was delivered. */
export function seenOn(point: Point): string | null {
  const captured = point.source?.producer ? null : (point.captured_at ?? null);
  return point.confirmations.last_at ?? captured;
}

/** A row of this device in the shape of the server's list. */
export function toBrowseItem(point: Point, catalogue: Catalogue): SearchItem {
  const condition = point.attributes['condition'];
  const title = givenName(point, catalogue.theme(point.theme));
  return {
    id: point.id,
    theme: point.theme,
    concept: point.concept,
    label: title ?? catalogue.conceptLabel(point.concept) ?? catalogue.themeLabel(point.theme),
    title,
    status: point.status,
    lon: point.geom.lon,
    lat: point.geom.lat,
    commune: point.commune,
    commune_name: null,
    updated_at: point.updated_at ?? null,
    thumb_url: firstThumb(point),
    condition: typeof condition === 'string' ? condition : null,
    seen_on: seenOn(point),
  };
}
