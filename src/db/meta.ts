import type { Me } from '../domain/account.ts';
import type { Position } from '../domain/geo/distance.ts';
import { LIMITS } from '../domain/limits.ts';
import type { Precious } from './precious.ts';

/** Who last signed in on this device: the identity of the interface, even weeks offline. */
export interface LastUser {
  readonly id: string;
  readonly email: string;
  readonly display_name: string | null;
}

async function read<T>(store: Precious, key: string): Promise<T | null> {
  return ((await store.meta.get(key))?.value as T | undefined) ?? null;
}

/** The last user who signed in here and has not signed out, or null. */
export function lastUser(store: Precious): Promise<LastUser | null> {
  return read<LastUser>(store, 'last_user');
}

/** Remembers who signed in; null after a sign-out. */
export async function setLastUser(store: Precious, user: LastUser | null): Promise<void> {
  await store.meta.put({ key: 'last_user', value: user });
}

/** The id of this installation, made once. */
export async function deviceId(store: Precious, make: () => string): Promise<string> {
  return store.transaction('rw', store.meta, async () => {
    const known = await read<string>(store, 'device_id');
    if (known) return known;
    const made = make();
    await store.meta.put({ key: 'device_id', value: made });
    return made;
  });
}

/** Epoch of the server that last answered this user. */
export function knownEpoch(store: Precious, userId: string): Promise<string | null> {
  return read<string>(store, `epoch:${userId}`);
}

/** Remembers it. */
export async function setKnownEpoch(store: Precious, userId: string, epoch: string): Promise<void> {
  await store.meta.put({ key: `epoch:${userId}`, value: epoch });
}

/** Epoch of the server that is known to have this user's confirmed photos. */
export function knownPhotosEpoch(store: Precious, userId: string): Promise<string | null> {
  return read<string>(store, `photos_epoch:${userId}`);
}

/** Remembers it. */
export async function setKnownPhotosEpoch(store: Precious, userId: string, epoch: string): Promise<void> {
  await store.meta.put({ key: `photos_epoch:${userId}`, value: epoch });
}

/** The account as the server last told it, for weeks offline. */
export function knownMe(store: Precious, userId: string): Promise<Me | null> {
  return read<Me>(store, `me:${userId}`);
}

/** Remembers it. */
export async function setKnownMe(store: Precious, me: Me): Promise<void> {
  await store.meta.put({ key: `me:${me.user_id}`, value: me });
}

/** When this device last told somebody which roles they hold. */
export function rolesToldAt(store: Precious, userId: string): Promise<string | null> {
  return read<string>(store, `roles_told:${userId}`);
}

/** Remembers it. */
export async function setRolesToldAt(store: Precious, userId: string, at: string): Promise<void> {
  await store.meta.put({ key: `roles_told:${userId}`, value: at });
}

/** The language in which somebody uses the app, as this device last told the server. */
export function toldLanguage(store: Precious, userId: string): Promise<string | null> {
  return read<string>(store, `language_told:${userId}`);
}

/** Remembers it. */
export async function setToldLanguage(store: Precious, userId: string, language: string): Promise<void> {
  await store.meta.put({ key: `language_told:${userId}`, value: language });
}

/** Where the device last knew it was: what it follows around there. */
export function lastPosition(store: Precious): Promise<Position | null> {
  return read<Position>(store, 'last_position');
}

/** Remembers it. */
export async function setLastPosition(store: Precious, { lon, lat }: Position): Promise<void> {
  await store.meta.put({ key: 'last_position', value: { lon, lat } });
}

/** Forgets it, when the person leaves this device. */
export async function forgetMe(store: Precious, userId: string): Promise<void> {
  await store.meta.delete(`me:${userId}`);
}

/** Whether the browser was asked to keep what this app stores. */
export async function wasPersistenceAsked(store: Precious): Promise<boolean> {
  return (await read<boolean>(store, 'persistence_asked')) === true;
}

/** Remembers that it was. */
export async function setPersistenceAsked(store: Precious): Promise<void> {
  await store.meta.put({ key: 'persistence_asked', value: true });
}

/** A code on its way by e-mail: the person may have left the app to read it. */
export interface AwaitedCode {
  readonly email: string;
  readonly purpose: 'email' | 'signup' | 'recovery';
}

/** The code that this device waits for, or null. */
export function awaitedCode(store: Precious): Promise<AwaitedCode | null> {
  return read<AwaitedCode>(store, 'awaited_code');
}

/** Remembers it; null once it was used or given up. */
export async function setAwaitedCode(store: Precious, awaited: AwaitedCode | null): Promise<void> {
  await store.meta.put({ key: 'awaited_code', value: awaited });
}

/** Captures that turned out to be of a known point, and became something said of that: another window may have them open. */
export async function becameOther(store: Precious): Promise<readonly string[]> {
  return (await read<string[]>(store, 'became_other')) ?? [];
}

/** Notes one; the latest are enough, for no window stays open over hundreds of captures. */
export async function noteBecameOther(store: Precious, draftId: string): Promise<void> {
  await store.transaction('rw', store.meta, async () => {
    const value = [draftId, ...(await becameOther(store))].slice(0, LIMITS.becameOtherKept);
    await store.meta.put({ key: 'became_other', value });
  });
}
