import { type CreateMutation } from '../mutation.ts';
import { writePatch } from '../paths.ts';
import { geomSchema, type Point } from '../point.ts';

/**
 * The point that a create makes, as this device shows it before the server has answered.
 * Null when the patch has no place: such a create is never queued.
 */
export function applyCreate(point: Point | null, create: CreateMutation): Point | null {
  if (point) return point;
  const geom = geomSchema.safeParse(create.patch['geom']);
  if (!geom.success) return null;
  const empty: Point = {
    id: create.point_id,
    rev: 0,
    v: 0,
    theme: create.theme,
    status: create.status ?? 'submitted',
    concept: null,
    geom: geom.data,
    attributes: {},
    commune: null,
    sensitivity: 'open',
    mine: true,
    author: null,
    captured_at: create.captured_at,
    received_at: null,
    updated_at: create.captured_at,
    expected_photos: create.expected_photos ?? 0,
    photos: [],
    confirmations: { count: 0 },
    pending: [],
    conflicts: [],
    decision: null,
    duplicate_of: null,
    source: null,
    proposals: [],
  };
  return writePatch(empty, create.patch);
}
