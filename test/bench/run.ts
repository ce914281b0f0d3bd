/**
 * `npm run bench`: tiles and map over the lights of Montpellier; `npm run bench -- sync`: our sync beside its peers;
 * `-- thesaurus`: the search of terms, and the alignment of values, beside MiniSearch; `-- tree`: the tree of a vocabulary of 5 000 terms; `-- terms`:
 * 100 000 points that follow a merged term; `-- capture`: saves, and the screen while photos are made
 * smaller, with `--app` on the form of the built app; `-- moderation`: queue, candidates and decisions among a million points.
 */
import process from 'node:process';

const [chapter, ...rest] = process.argv.slice(2);

if (chapter === undefined) await import('./tiles-and-map.ts');
else if (chapter === 'sync') await (await import('./sync/chapter.ts')).measureSync(rest);
else if (chapter === 'thesaurus') await (await import('./thesaurus/chapter.ts')).measureThesaurus();
else if (chapter === 'tree') await (await import('./thesaurus/tree-chapter.ts')).measureTree();
else if (chapter === 'terms') await (await import('./terms.ts')).measureTerms(rest);
else if (chapter === 'capture') await (await import('./capture/chapter.ts')).measureCapture(rest);
else if (chapter === 'moderation') await (await import('./moderation/chapter.ts')).measureModeration(rest);
else
  throw new Error(`no chapter ${chapter}: say nothing, sync, thesaurus, tree, terms, capture or moderation`);
process.exit(process.exitCode);
