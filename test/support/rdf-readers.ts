import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

import { Parser, type Quad } from 'n3';

const LINES = 128 * 1024 * 1024;
const run = promisify(execFile);

/** What other people's programs read, by the names that they give to formats. */
export type Syntax = 'turtle' | 'rdfxml' | 'json-ld';

const RDFLIB = `
import sys, rdflib
print(rdflib.Graph().parse(data=sys.stdin.buffer.read(), format=sys.argv[1], publicID="http://base/").serialize(format="nt"))`;

/** Triples that raptor reads (Debian's \`raptor2-utils\`), as comparable lines. Rejects for what it finds wrong. */
export function readByRaptor(text: string, syntax: Exclude<Syntax, 'json-ld'>): Promise<string[]> {
  return read('rapper', ['-q', '-i', syntax, '-o', 'ntriples', '-', 'http://base/'], text);
}

/** Turtle as raptor writes it in another syntax, short or long; `json` is RDF/JSON. */
export async function rewrittenByRaptor(
  turtle: string,
  as: 'turtle' | 'rdfxml' | 'rdfxml-abbrev' | 'ntriples' | 'json',
): Promise<string> {
  const text = await textOf('rapper', ['-q', '-i', 'turtle', '-o', as, '-', 'http://base/'], turtle);
  if (as !== 'json') return text;
  // It writes signs beyond the first plane as Turtle does, which is no JSON.
  return text.replace(/(?<!\\)((?:\\\\)*)\\U([0-9A-F]{8})/g, (_, before: string, sign: string) => {
    return before + String.fromCodePoint(Number.parseInt(sign, 16));
  });
}

const RDFLIB_JSON = `
import sys, rdflib
print(rdflib.Graph().parse(data=sys.stdin.buffer.read(), format="turtle").serialize(format="json-ld", auto_compact=sys.argv[1] == "compact"))`;

/** Turtle as rdflib writes it in JSON-LD, expanded or with a context. */
export function rewrittenByRdflib(turtle: string, as: 'expanded' | 'compact'): Promise<string> {
  return textOf('/usr/bin/python3', ['-c', RDFLIB_JSON, as], turtle);
}

/** The same by rdflib (Debian's `python3-rdflib`). */
export function readByRdflib(text: string, syntax: Syntax): Promise<string[]> {
  const format = syntax === 'rdfxml' ? 'xml' : syntax;
  // Debian's python: another one on the path does not have Debian's libraries.
  return read('/usr/bin/python3', ['-c', RDFLIB, format], text);
}

async function read(program: string, args: string[], text: string): Promise<string[]> {
  return linesOf(new Parser({ format: 'N-Triples' }).parse(await textOf(program, args, text)));
}

async function textOf(program: string, args: string[], text: string): Promise<string> {
  const running = run(program, args, { maxBuffer: LINES });
  // A program that is not there, or stops at an error, closes its end: what it says of it is told below.
  running.child.stdin?.on('error', () => undefined).end(text);
  const { stdout } = await running.catch((cause: Error & { code?: unknown }) => {
    const hint = 'run `apt-get install raptor2-utils python3-rdflib`';
    throw cause.code === 'ENOENT' ? new Error(`No ${program}: ${hint}.`, { cause }) : cause;
  });
  return stdout;
}

/** Quads as lines that are the same whoever wrote them, sorted. */
export function linesOf(quads: readonly Quad[]): string[] {
  const line = ({ subject, predicate, object }: Quad) =>
    JSON.stringify([
      subject.value,
      predicate.value,
      object.value,
      object.termType,
      ...(object.termType === 'Literal' ? [object.language.toLowerCase(), object.datatype.value] : []),
    ]);
  return [...new Set(quads.map(line))].toSorted();
}
