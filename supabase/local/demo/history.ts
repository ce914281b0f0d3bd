import { createHash, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { newMutationId, newPhotoId, newPointId } from '../../../src/domain/id.ts';
import { jpegSize } from '../../functions/_shared/jpeg.ts';
import type { Database } from '../database.ts';
import type { DemoEmail } from './accounts.ts';
import type { DemoClient } from './client.ts';
import { authorOf, demoFolder, type DemoPoint } from './points.ts';

const random = (length: number) => randomBytes(length);

/** Plays what people did, through the API: the history of the demonstration is a true one. */
export async function playHistory(
  database: Database,
  points: readonly DemoPoint[],
  clientOf: (email: DemoEmail) => DemoClient,
): Promise<void> {
  const ids = new Map(points.map((point) => [point.key, newPointId(new Date(point.day), random)]));
  const idOf = (point: DemoPoint): string => ids.get(point.key) ?? '';
  for (const [author, own] of Map.groupBy(points, authorOf)) {
    await clientOf(author).push(own.map((point) => createMutation(point, idOf(point))));
  }
  for (const point of points)
    if (point.photo !== undefined) await addPhoto(clientOf(authorOf(point)), point, idOf(point));

  const moderator = clientOf('moderation@capitelle.test');
  const decided = points.filter(({ then }) => then !== 'wait');
  const revs = await readRevs(database);
  await moderator.push(
    decided.map((point) => decideMutation(point, idOf(point), revs, firstDecision(point))),
  );
  const destroyed = points.filter(({ then }) => then === 'destroy');
  const laterRevs = await readRevs(database);
  await moderator.push(destroyed.map((point) => decideMutation(point, idOf(point), laterRevs, 'destroy')));
  await visit(points, idOf, clientOf);
  await proposeEdit(points, idOf, clientOf, laterRevs);
}

function mutation(
  kind: string,
  pointId: string,
  day: string,
  fields: Record<string, unknown>,
): Record<string, unknown> {
  return {
    mutation_id: newMutationId(new Date(), random),
    v: 1,
    kind,
    point_id: pointId,
    captured_at: `${day}T09:30:00.000Z`,
    ...fields,
  };
}

function createMutation(point: DemoPoint, id: string): Record<string, unknown> {
  const attributes = Object.entries(point.attributes).map(([key, value]) => [`attributes.${key}`, value]);
  return mutation('create', id, point.day, {
    theme: point.theme,
    expected_photos: point.photo === undefined ? 0 : 1,
    patch: {
      geom: { lon: point.lon, lat: point.lat, accuracy_m: point.accuracy_m, source: 'gps' },
      concept: point.concept,
      ...(point.sensitivity === undefined ? {} : { sensitivity: point.sensitivity }),
      ...(Object.fromEntries(attributes) as Record<string, unknown>),
    },
  });
}

function firstDecision(point: DemoPoint): string {
  return point.then === 'destroy' ? 'publish' : point.then;
}

function decideMutation(
  point: DemoPoint,
  id: string,
  revs: ReadonlyMap<string, number>,
  decision: string,
): Record<string, unknown> {
  const needsReason = decision !== 'publish';
  return mutation('decide', id, point.day, {
    seen_rev: revs.get(id) ?? 1,
    decision,
    ...(needsReason ? { reason: point.reason } : {}),
    ...(needsReason && point.comment !== undefined ? { comment: point.comment } : {}),
  });
}

async function addPhoto(client: DemoClient, point: DemoPoint, pointId: string): Promise<void> {
  const [bytes, thumbnail] = await Promise.all(
    [`${point.photo}.jpg`, `${point.photo}-t.jpg`].map(async (name) =>
      Uint8Array.from(await readFile(join(demoFolder, 'photos', name))),
    ),
  );
  if (!bytes || !thumbnail) return;
  const photoId = newPhotoId(new Date(point.day), random);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const path = `${client.userId}/${pointId}/${photoId}-${sha256.slice(0, 16)}.jpg`;
  await client.upload(path, bytes);
  await client.upload(path.replace('.jpg', '-t.jpg'), thumbnail);
  await client.commitPhoto({
    photo_id: photoId,
    point_id: pointId,
    path,
    sha256,
    size: bytes.byteLength,
    ...jpegSize(bytes),
    licence: 'CC-BY-SA-4.0',
    taken_at: `${point.day}T09:30:00.000Z`,
  });
}

async function readRevs(database: Database): Promise<Map<string, number>> {
  const rows = await database.query<{ id: string; rev: number }>('select id::text, rev from app.points');
  return new Map(rows.map(({ id, rev }) => [id, rev]));
}

/** Others pass by: most still see the thing, one doesn't find it. */
async function visit(
  points: readonly DemoPoint[],
  idOf: (point: DemoPoint) => string,
  clientOf: (email: DemoEmail) => DemoClient,
): Promise<void> {
  for (const point of points) {
    const day = point.confirmed_on ?? point.gone_on;
    if (day === undefined) continue;
    const visitor = point.author === 'joan' ? 'maylis@capitelle.test' : 'joan@capitelle.test';
    const seen = { observed_at: `${day}T10:00:00.000Z`, found: point.gone_on === undefined };
    await clientOf(visitor).push([mutation('confirm', idOf(point), day, seen)]);
  }
}

/** One published point has a proposal beside it, to be read field by field. */
async function proposeEdit(
  points: readonly DemoPoint[],
  idOf: (point: DemoPoint) => string,
  clientOf: (email: DemoEmail) => DemoClient,
  revs: ReadonlyMap<string, number>,
): Promise<void> {
  const well = points.find(({ key }) => key === 'puits-gineste');
  if (!well) return;
  await clientOf('joan@capitelle.test').push([
    mutation('edit', idOf(well), '2026-11-17', {
      base_rev: revs.get(idOf(well)) ?? 1,
      base: { 'attributes.condition': 'fair', 'attributes.condition_note': null },
      patch: {
        'attributes.condition': 'poor',
        'attributes.condition_note': 'Le linteau est fendu depuis cet automne.',
      },
    }),
  ]);
}
