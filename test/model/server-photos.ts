import type { Handled } from './network.ts';
import { type Server, Transaction } from './server.ts';
import type { ModelPhoto, User } from './state.ts';

interface Committed {
  readonly status: 'stored' | 'missing' | 'rejected' | 'busy';
}

/** photo_commit: records a photo once its object has been read back. Idempotent. */
export function commitPhoto(server: Server, user: User, photo: ModelPhoto): Handled<Committed> {
  if (!server.objects.has(photo.id)) return { answer: { status: 'missing' } };
  const held = [...server.open];
  const tx = new Transaction(server);
  const was = tx.point(photo.point_id);
  if (was?.photos.some((one) => one.id === photo.id)) return { tx, answer: { status: 'stored' } };
  if (held.some((other) => other.holds(photo.point_id))) return { tx, answer: { status: 'busy' } };
  // Not known yet, or not any more: it may come back, the bytes wait.
  if (!was) return { tx, answer: { status: 'missing' } };
  if (was.author !== user && was.status !== 'published') return { tx, answer: { status: 'rejected' } };
  tx.save(was, { ...was, photos: [...was.photos, { id: photo.id, user }] });
  return { tx, answer: { status: 'stored' } };
}
