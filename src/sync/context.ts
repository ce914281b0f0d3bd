import type { Api } from '../api/client.ts';
import type { PushSender } from '../api/push.ts';
import type { Cache } from '../db/cache.ts';
import type { Precious } from '../db/precious.ts';

/** All that the engine works with. Clock and chance are passed in, so that tests can hold them. */
export interface SyncContext {
  readonly precious: Precious;
  readonly cache: Cache;
  readonly api: Api;
  /** Whose work is carried: rows of others stay where they are. */
  readonly userId: string;
  readonly sender: PushSender;
  readonly now: () => Date;
  /** Uniform in [0, 1). */
  readonly chance: () => number;
  /** Whether calls are likely to fail: then one is made for nothing before anything is sent. Absent: no. */
  readonly isRoadDoubtful?: () => boolean;
  /** Bytes that the device still gives this app, null where it does not say. Absent: not watched. */
  readonly freeBytes?: () => Promise<number | null>;
}
