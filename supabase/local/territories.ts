/** `npm run territories`: commune outlines, with the official names, départements and EPCI. */
import { parseArgs } from 'node:util';
import { openDataFolder } from './data-folder.ts';
import { readBytes } from './load/read-file.ts';
import { runCommand } from './run-command.ts';
import { readSettings } from './settings.ts';
import { deriveCodes, readCodes } from './territories/codes.ts';
import { readLists } from './territories/lists.ts';
import { loadTerritories, type TerritoryReport } from './territories/load-territories.ts';
import { readOutlines } from './territories/outlines.ts';
import { UsageError } from './usage-error.ts';

await runCommand(async () => {
  const { values, positionals } = parseArgs({
    options: { codes: { type: 'string' } },
    allowPositionals: true,
  });
  const [file] = positionals;
  if (file === undefined) {
    throw new UsageError(
      'file_missing',
      'Quel fichier ? npm run territories -- CONTOURS.geojson [--codes TABLE.csv]',
    );
  }
  const lists = await readLists();
  const outlines = await readOutlines(file);
  const codes =
    values.codes === undefined
      ? deriveCodes(lists.communes)
      : readCodes(new TextDecoder().decode(await readBytes(values.codes)), values.codes);
  const { database, release } = await openDataFolder(readSettings({ ...process.env, DEMO: '0' }));
  try {
    tell(await loadTerritories(database, file, outlines, codes, lists));
  } finally {
    await database.close();
    await release();
  }
});

function tell(report: TerritoryReport): void {
  console.info(
    `${report.communes} communes, dont ${report.outlines} avec leur contour ; ${report.movedPoints} points rattachés.`,
  );
  if (report.unknownCodes.length > 0)
    console.info(`Codes qui ne sont plus ceux d'une commune : ${report.unknownCodes.join(', ')}`);
  if (report.withoutOutline.length > 0)
    console.info(`Sans contour dans ce fichier : ${report.withoutOutline.join(', ')}`);
}
