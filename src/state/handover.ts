import type { Precious } from '../db/precious.ts';
import { shareFile } from '../device/share.ts';
import { ProblemError } from '../domain/problems.ts';
import { exportUnsent } from '../sync/export.ts';
import { type Imported, importUnsent } from '../sync/import.ts';

interface HandoverDeps {
  readonly precious: Precious;
  readonly userId: () => string | null;
  /** Id of the instance, when this device knows it. */
  readonly instance: () => string | null;
  readonly now: () => Date;
}

/**
 * Hands over everything that has not left, or what is about one point, in one archive. False when the
 * person closed the sheet.
 */
export async function handOver(deps: HandoverDeps, pointId?: string): Promise<boolean> {
  const { precious, now, instance } = deps;
  const only = pointId === undefined ? {} : { pointId };
  const whose = { userId: userOrFail(deps), instance: instance(), now: now() };
  const archive = await exportUnsent(precious, { ...whose, ...only });
  const name = `capitelle-${now().toISOString().slice(0, 10)}.zip`;
  return shareFile(new File([archive], name, { type: archive.type }));
}

/** Takes back such an archive, from this phone or another of the same person. */
export function takeOver(deps: HandoverDeps, archive: Blob): Promise<Imported> {
  return importUnsent(deps.precious, { userId: userOrFail(deps), instance: deps.instance() }, archive);
}

function userOrFail({ userId }: HandoverDeps): string {
  const user = userId();
  if (user === null) throw new ProblemError('auth_required');
  return user;
}
