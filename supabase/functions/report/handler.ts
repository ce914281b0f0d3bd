import { failure, json } from '../_shared/answers.ts';
import { callAsService } from '../_shared/api.ts';
import type { FunctionEnv, FunctionHandler } from '../_shared/env.ts';
import { writeJpeg } from '../_shared/storage.ts';
import { readReport, type Report } from './request.ts';
import { isReadable, reencode } from '../_shared/reencode.ts';

/**
 * Takes what somebody without account says is wrong with a public point: `{point_id, kind, text?, email?,
 * lang?: fr|en, photo? (JPEG, base64), id?}`. Answers `{status: "stored", id}`; the same `id` again stores nothing more.
 */
export const handler: FunctionHandler = async (request, env) => {
  if (request.method !== 'POST') return failure(405, 'invalid_argument', 'POST attendu.');
  const report = readReport(await request.json().catch(() => null));
  if (report === 'too_large') return failure(413, 'too_large', 'Texte ou photo trop longs.');
  if (typeof report === 'string')
    return failure(400, 'invalid_argument', `Champ manquant ou invalide : ${report}.`);
  // Told what it hopes for, so that it learns nothing.
  if (report.isTrap) return json({ status: 'stored', id: report.id ?? crypto.randomUUID() });
  const address = (env.addressHeader && request.headers.get(env.addressHeader)) || '';
  if (!report.photo) return record(env, { ...fieldsOf(report), has_photo: false, address }, null);
  if (!isReadable(report.photo)) return notAnImage();
  // The limit of an address comes before the work: nobody burns the processor with pictures.
  const admitted = await call(env, { ...fieldsOf(report), address, step: 'admit' });
  if (admitted instanceof Response) return admitted;
  const { id, is_stored } = admitted;
  if (is_stored) return json({ status: 'stored', id });
  const photo = reencode(report.photo);
  if (!photo) return notAnImage();
  return record(env, { ...fieldsOf(report), id, has_photo: true, address, step: 'record' }, photo);
};

const notAnImage = () => failure(400, 'not_an_image', 'Une photo JPEG est attendue.');

const fieldsOf = ({ id, point_id, kind, text, email, lang }: Report) => ({
  id,
  point_id,
  kind,
  text,
  email,
  lang,
});

/** What a refusal of a report may say (see private.report_record). */
const TOLD = ['invalid_argument', 'point_not_found', 'id_taken', 'too_large', 'rate_limited'] as const;

interface Answer {
  id: string;
  photo_path?: string | null;
  is_stored?: boolean;
}

async function call(env: FunctionEnv, p: Record<string, unknown>): Promise<Answer | Response> {
  const response = await callAsService(env, '/rest/v1/rpc/report_record', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ p }),
  });
  const answer = (await response.json()) as Answer & { message?: string };
  if (response.ok) return answer;
  const code = TOLD.find((one) => one === answer.message);
  // What else the database may say is not for strangers.
  return code ? failure(response.status, code) : failure(503, 'busy');
}

async function record(
  env: FunctionEnv,
  p: Record<string, unknown>,
  photo: Uint8Array<ArrayBuffer> | null,
): Promise<Response> {
  const answer = await call(env, p);
  if (answer instanceof Response) return answer;
  if (photo && typeof answer.photo_path === 'string')
    await writeJpeg(env, 'photos', answer.photo_path, photo);
  return json({ status: 'stored', id: answer.id });
}
