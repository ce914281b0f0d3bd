/**
 * `npm run load`: a zipped Shapefile or a GeoJSON becomes published points with their source; an archive
 * of unsent work that a phone handed over is sent in its author's name.
 */
import { createBackend } from './backend.ts';
import { openDataFolder } from './data-folder.ts';
import { readLoadArguments } from './load/arguments.ts';
import { loadFile, type LoadReport } from './load/load-file.ts';
import { readBytes } from './load/read-file.ts';
import { loadUnsent, readUnsent, type UnsentReport } from './load/unsent.ts';
import { runCommand } from './run-command.ts';
import { readSecrets } from './secrets.ts';
import { readSettings } from './settings.ts';

/** What became of contributions and photos, in words. */
const OUTCOMES: Record<string, string> = {
  applied: 'prises',
  merged: 'prises, réunies à ce qui avait changé',
  pending: 'en attente de relecture',
  conflict: 'en désaccord avec ce qui est là',
  rejected: 'refusées',
  retry: 'à charger à nouveau',
  stored: 'reçues',
  left_out: 'laissées de côté (illisibles hors de leur appareil)',
  missing: 'à charger à nouveau',
  mismatch: 'à charger à nouveau',
};

await runCommand(async () => {
  const given = process.argv.slice(2);
  const settings = readSettings({ ...process.env, DEMO: '0' });
  const alone =
    given.length === 1 && given[0] !== undefined && !given[0].startsWith('-') ? given[0] : undefined;
  const unsent = alone === undefined ? undefined : readUnsent(await readBytes(alone));
  if (unsent) {
    const backend = await createBackend(settings, settings.publicUrl ?? 'http://127.0.0.1');
    try {
      const { jwtSecret } = await readSecrets(settings.dataDir);
      tellUnsent(await loadUnsent(backend, jwtSecret, unsent));
    } finally {
      await backend.close();
    }
    return;
  }
  const options = readLoadArguments(given);
  const { database, release } = await openDataFolder(settings);
  try {
    tell(await loadFile(database, options, (line) => console.info(line)));
  } finally {
    await database.close();
    await release();
  }
});

function tellUnsent({ mutations, refused, photos, drafts }: UnsentReport): void {
  const words = (counts: Map<string, number>) =>
    [...counts].map(([what, count]) => `${count} ${OUTCOMES[what] ?? what}`).join(', ') || 'aucune';
  console.info(`Contributions : ${words(mutations)}. Photos : ${words(photos)}.`);
  for (const [code, count] of refused) console.info(`Refusées : ${count} (${code})`);
  if (drafts > 0) console.info(`Brouillons laissés à leur auteur, qui seul peut les finir : ${drafts}.`);
}

function tell(report: LoadReport): void {
  if (report.conceptColumn !== undefined)
    console.info(`La colonne ${report.conceptColumn} donne le terme de chaque point.`);
  console.info(
    `Objets lus : ${report.total} (ajoutés : ${report.inserted}, mis à jour : ${report.updated}, déjà là sans changement : ${report.unchanged}).`,
  );
  for (const [reason, count] of report.leftOut) console.info(`Laissés de côté : ${count} (${reason})`);
}
