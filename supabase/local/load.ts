/** `npm run load`: a zipped Shapefile or a GeoJSON becomes published points with their source. */
import { openDataFolder } from './data-folder.ts';
import { readLoadArguments } from './load/arguments.ts';
import { loadFile, type LoadReport } from './load/load-file.ts';
import { runCommand } from './run-command.ts';
import { readSettings } from './settings.ts';

await runCommand(async () => {
  const options = readLoadArguments(process.argv.slice(2));
  const settings = readSettings({ ...process.env, DEMO: '0' });
  const { database, release } = await openDataFolder(settings);
  try {
    tell(await loadFile(database, options, (line) => console.info(line)));
  } finally {
    await database.close();
    await release();
  }
});

function tell(report: LoadReport): void {
  if (report.conceptColumn !== undefined)
    console.info(`La colonne ${report.conceptColumn} donne le terme de chaque point.`);
  console.info(
    `Objets lus : ${report.total} (ajoutés : ${report.inserted}, mis à jour : ${report.updated}, déjà là sans changement : ${report.unchanged}).`,
  );
  for (const [reason, count] of report.leftOut) console.info(`Laissés de côté : ${count} (${reason})`);
}
