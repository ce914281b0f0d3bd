import { m } from '../../i18n/generated/messages.js';
import { plural } from '../../i18n/phrases.ts';

/** What was taken back from a file: as much of each kind as there was, or that there was nothing. */
export function importedWords(taken: {
  readonly mutations: number;
  readonly photos: number;
  readonly drafts: number;
}): string {
  const { mutations, photos, drafts } = taken;
  const parts = [
    counted(mutations, m.outbox_imported_contribution, m.outbox_imported_contributions),
    counted(photos, m.outbox_imported_photo, m.outbox_imported_photos),
    counted(drafts, m.outbox_imported_draft, m.outbox_imported_drafts),
  ].flat();
  return parts.length > 0 ? m.outbox_imported({ what: parts.join(', ') }) : m.outbox_import_nothing();
}

function counted(count: number, one: () => string, many: (of: { count: number }) => string): string[] {
  return count > 0 ? [plural(count, one(), many({ count }))] : [];
}
