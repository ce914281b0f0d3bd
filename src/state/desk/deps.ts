import type { Api } from '../../api/client.ts';
import type { Cache } from '../../db/cache.ts';
import type { Precious } from '../../db/precious.ts';
import type { RandomBytes } from '../../domain/id.ts';

/** What the parts of the review desk work with. */
export interface DeskDeps {
  readonly api: Api;
  readonly precious: Precious;
  /** The signed-in user's copy. Read reactively. */
  readonly cache: () => Cache;
  readonly userId: () => string | null;
  readonly now: () => Date;
  readonly random: RandomBytes;
  /** Asks for a sync round: the device's copy follows the queue. */
  readonly wake: () => void;
}
