import type { PushSender } from '../../api/push.ts';
import type { Problem } from '../../domain/problems.ts';
import type { RunnerReport } from '../report.ts';

/** What an engine needs to know to begin. */
export interface EngineOrder {
  /** Whose work it carries. */
  readonly userId: string;
  /** Origin of the backend, without a trailing slash. */
  readonly url: string;
  readonly publishableKey: string;
  readonly sender: PushSender;
}

/** What the page tells its engine. */
export type ToEngine =
  | { readonly type: 'start'; readonly order: EngineOrder; readonly isVisible: boolean }
  | { readonly type: 'wake' }
  | { readonly type: 'visibility'; readonly isVisible: boolean }
  | { readonly type: 'token'; readonly id: number; readonly token: string }
  | { readonly type: 'no_token'; readonly id: number; readonly problem: Problem }
  | { readonly type: 'stop' };

/** What the engine tells its page. `heard` answers `start`, `wake` and `visibility`: it lives. */
export type FromEngine =
  | { readonly type: 'heard' }
  | { readonly type: 'report'; readonly report: RunnerReport }
  | { readonly type: 'token'; readonly id: number; readonly asUser: string | undefined }
  | { readonly type: 'stopped' };

/** One end of the line between the two, as a worker and its scope both are. */
export interface Line<Out> {
  postMessage(message: Out): void;
  addEventListener(type: 'message', listen: (event: MessageEvent) => void): void;
}
