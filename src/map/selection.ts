import { mount, unmount } from 'svelte';

import Marker from '../ui/Marker.svelte';
import type { Sign } from '../ui/shapes.ts';
import type { MapController } from './controller.ts';

/** Size of the selected marker and the place of its foot, CSS px (see Marker.svelte: 28 × 43 units of 44/24 px). */
const UNIT = 44 / 24;
const SIZE = [28 * UNIT, 43 * UNIT] as const;
const FOOT = [14 * UNIT, 35 * UNIT] as const;

/** Draws the selected marker, larger, its stem on the exact place. Returns the way to take it away. */
export function placeSelection(controller: MapController, lon: number, lat: number, sign: Sign): () => void {
  const element = document.createElement('div');
  const marker = mount(Marker, { target: element, props: { sign, state: 'selected' } });
  const takeAway = controller.place(element, lon, lat, SIZE, FOOT);
  return () => {
    takeAway();
    void unmount(marker);
  };
}
