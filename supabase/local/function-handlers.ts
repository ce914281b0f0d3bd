import type { FunctionHandler } from '../functions/_shared/env.ts';
import { handler as photoCommit } from '../functions/photo_commit/handler.ts';
import { handler as report } from '../functions/report/handler.ts';
import { handler as thesaurus } from '../functions/thesaurus/handler.ts';
import { handler as thesaurusImport } from '../functions/thesaurus_import/handler.ts';
import { handler as worker } from '../functions/worker/handler.ts';

/** The functions of the project by their name in `/functions/v1/<name>`. */
export const functionHandlers: Readonly<Record<string, FunctionHandler>> = {
  photo_commit: photoCommit,
  report,
  thesaurus,
  thesaurus_import: thesaurusImport,
  worker,
};
