import * as z from 'zod/mini';

import { jsonText } from '../domain/json.ts';
import { LIMITS } from '../domain/limits.ts';
import type { ReportKind } from '../domain/report.ts';
import type { Api } from './client.ts';
import { type CallOptions, exchangeJson, limitOf, readAnswer } from './request.ts';

/** What somebody says is wrong with a public point. */
export interface PublicReport {
  /** A UUID made here: the same report sent twice is one. */
  readonly id: string;
  readonly point_id: string;
  readonly kind: ReportKind;
  readonly text?: string;
  readonly email?: string;
  /** Language of the page: the answer is written in it. */
  readonly lang: 'fr' | 'en';
  /** JPEG in base64, upright: the server drops what says how the camera was held. */
  readonly photo?: string;
  /** The field that people do not see; whoever fills it in is a program. */
  readonly website?: string;
}

const answerSchema = z.object({ status: z.literal('stored'), id: z.string() });

/**
 * Sends a report, in nobody's name. Throws ProblemError: `offline`, `rate_limited`, `point_not_found`,
 * `not_an_image`, `too_large`, `invalid_argument`.
 */
export async function sendReport(api: Api, report: PublicReport, options: CallOptions = {}): Promise<void> {
  const init = {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: jsonText(report),
    signal: limitOf({ timeoutMs: LIMITS.photoTimeoutMs, ...options }),
  };
  readAnswer(await exchangeJson(fetch, `${api.url}/functions/v1/report`, init), answerSchema);
}
