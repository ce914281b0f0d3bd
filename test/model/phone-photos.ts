import { type ProblemCode, problemOf, ProblemError } from '../../src/domain/problems.ts';
import { LIMITS } from '../../src/domain/limits.ts';
import { isDue } from '../../src/sync/due.ts';
import type { Phone } from './phone.ts';
import { backoff, call } from './phone-steps.ts';
import { commitPhoto } from './server-photos.ts';
import type { ModelPhoto } from './state.ts';
import type { Steps } from './tab.ts';
import type { World } from './world.ts';

const OF_THIS_PHOTO: readonly ProblemCode[] = ['timeout', 'server_error', 'too_large', 'unknown'];

/** src/sync/photos.ts */
export function* sendPhotos(world: World, phone: Phone): Steps<void> {
  let failures = 0;
  const uncreated = new Set(phone.outbox.filter((row) => row.kind === 'create').map((row) => row.point_id));
  const ready = [...phone.photos.values()].filter(
    (photo) =>
      (photo.state === 'local' || photo.state === 'uploading') &&
      isDue(photo.not_before, world.hourOf(phone)) &&
      !uncreated.has(photo.point_id),
  );
  for (const photo of ready) {
    try {
      yield* sendPhoto(world, phone, photo);
      failures = 0;
    } catch (cause) {
      if (!(cause instanceof ProblemError) || !OF_THIS_PHOTO.includes(problemOf(cause).code)) throw cause;
      yield* postpone(world, phone, photo);
      failures += 1;
      if (failures >= LIMITS.failuresInARow) throw cause;
    }
  }
}

function* sendPhoto(world: World, phone: Phone, photo: ModelPhoto): Steps<void> {
  if (!phone.photoBytes.has(photo.id)) {
    yield* commitWithoutBytes(world, phone, photo);
    return;
  }
  update(phone, photo, { state: 'uploading', attempts: photo.attempts + 1 });
  yield null;
  yield* call(world, phone, () => {
    world.server.objects.add(photo.id);
    return { answer: {} };
  });
  if (world.mutant === 'photo_freed_before_confirmation') {
    phone.photoBytes.delete(photo.id);
    yield null;
  }
  const { status } = yield* call(world, phone, () => commitPhoto(world.server, phone.user, photo));
  if (status === 'stored') {
    phone.photoBytes.delete(photo.id);
    update(phone, photo, { state: 'stored' });
    yield null;
  } else if (status === 'rejected') {
    update(phone, photo, { state: 'refused' });
    yield null;
  } else {
    yield* postpone(world, phone, photo);
  }
}

/** A server put back has lost the row; the object may be there all the same. */
function* commitWithoutBytes(world: World, phone: Phone, photo: ModelPhoto): Steps<void> {
  const { status } = yield* call(world, phone, () => commitPhoto(world.server, phone.user, photo));
  update(phone, photo, { state: status === 'stored' ? 'stored' : 'refused' });
  yield null;
}

function* postpone(world: World, phone: Phone, photo: ModelPhoto): Steps<void> {
  update(phone, photo, { state: 'local', not_before: world.hourOf(phone) + backoff(photo.attempts + 1) });
  yield null;
}

function update(phone: Phone, photo: ModelPhoto, changes: Partial<ModelPhoto>): void {
  const known = phone.photos.get(photo.id);
  if (known) phone.photos.set(photo.id, { ...known, ...changes });
}
