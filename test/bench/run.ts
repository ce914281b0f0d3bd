/** `npm run bench`: tiles and map over the lights of Montpellier; `npm run bench -- sync`: our sync beside its peers; `-- thesaurus`: the search of terms beside MiniSearch. */
import process from 'node:process';

const [chapter, ...rest] = process.argv.slice(2);

if (chapter === undefined) await import('./tiles-and-map.ts');
else if (chapter === 'sync') await (await import('./sync/chapter.ts')).measureSync(rest);
else if (chapter === 'thesaurus') await (await import('./thesaurus/chapter.ts')).measureThesaurus();
else throw new Error(`no chapter ${chapter}: say nothing, sync or thesaurus`);
process.exit(process.exitCode);
