import { XMLParser, XMLValidator } from 'fast-xml-parser';

import type { Fault } from './faults.ts';
import { wordsOf } from './read-turtle.ts';

const XML = 'http://www.w3.org/XML/1998/namespace';
/** Elements within each other: those of RDF stay below ten. */
const MAXIMUM_DEPTH = 60;

/** An element by its full name; what it inherits of language and base is already in it. */
export interface Element {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly language: string;
  readonly base: string | undefined;
  readonly children: readonly Element[];
  /** The text directly in it, without that of its children. */
  readonly text: string;
}

/** What the parser makes of an element: its name, its children, and apart its attributes. */
type Parsed = Readonly<Record<string, unknown>>;

/** A fault that stops the reading. */
class Stop extends Error {
  readonly fault: Fault;

  constructor(fault: Fault) {
    super(fault.code);
    this.fault = fault;
  }
}

const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: '',
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: false,
  ignoreDeclaration: true,
  ignorePiTags: true,
  cdataPropName: '#cdata',
  maxNestedTags: MAXIMUM_DEPTH,
  // Nothing is expanded by the parser: what XML itself means by five names and by numbers is read below.
  processEntities: false,
});

/**
 * Reads XML as a tree. A document type, in which entities are declared that grow as they are read, is a fault wherever it
 * stands. Never throws.
 */
export function readXml(text: string, base?: string): { root: Element | null; faults: Fault[] } {
  const declared = /<!\s*(?:DOCTYPE|ENTITY)/i.exec(text);
  if (declared) return { root: null, faults: [{ code: 'xml_entities', line: lineAt(text, declared.index) }] };
  try {
    const valid = XMLValidator.validate(text);
    if (valid !== true) {
      const { line, msg } = valid.err;
      return { root: null, faults: [{ code: 'broken_syntax', line, detail: msg }] };
    }
    const [root] = elementsIn(parser.parse(text) as Parsed[], { prefixes: new Map(), language: '', base });
    return root ? { root, faults: [] } : { root: null, faults: [{ code: 'broken_syntax', line: 1 }] };
  } catch (cause) {
    if (cause instanceof Stop) return { root: null, faults: [cause.fault] };
    const isTooDeep = /nested tags/i.test(String(cause));
    const fault: Fault = isTooDeep ? { code: 'too_deep' } : { code: 'broken_syntax', detail: wordsOf(cause) };
    return { root: null, faults: [fault] };
  }
}

interface Inherited {
  readonly prefixes: ReadonlyMap<string, string>;
  readonly language: string;
  readonly base: string | undefined;
}

function elementsIn(nodes: readonly Parsed[], inherited: Inherited): Element[] {
  return nodes.flatMap((node) => {
    const tag = Object.keys(node).find((key) => key !== ':@' && !key.startsWith('#'));
    return tag === undefined || tag.startsWith('?') ? [] : [elementOf(node, tag, inherited)];
  });
}

function elementOf(node: Parsed, tag: string, inherited: Inherited): Element {
  const written = Object.entries((node[':@'] ?? {}) as Readonly<Record<string, string>>);
  const values = written.map(([name, value]) => [name, unescaped(value)] as const);
  const prefixes = new Map(inherited.prefixes);
  for (const [name, value] of values) {
    if (name === 'xmlns') prefixes.set('', value);
    else if (name.startsWith('xmlns:')) prefixes.set(name.slice(6), value);
  }
  const full = (name: string, isAttribute: boolean) => {
    const [prefix, local] = name.includes(':') ? name.split(/:(.*)/s) : ['', name];
    if (prefix === '' && isAttribute) return local ?? '';
    if (prefix === 'xml') return `${XML}${local}`;
    const namespace = prefixes.get(prefix ?? '');
    if (namespace === undefined && prefix !== '')
      throw new Stop({ code: 'broken_syntax', detail: `${prefix}:` });
    return `${namespace ?? ''}${local}`;
  };
  const attributes = new Map(
    values.filter(([name]) => !/^xmlns(:|$)/.test(name)).map(([name, value]) => [full(name, true), value]),
  );
  const language = attributes.get(`${XML}lang`) ?? inherited.language;
  const base = attributes.get(`${XML}base`) ?? inherited.base;
  const children = (node[tag] ?? []) as readonly Parsed[];
  for (const name of ['lang', 'base', 'space']) attributes.delete(`${XML}${name}`);
  return {
    name: full(tag, false),
    attributes,
    language,
    base,
    children: elementsIn(children, { prefixes, language, base }),
    text: children.map(textOf).join(''),
  };
}

function textOf(node: Parsed): string {
  if (typeof node['#text'] === 'string') return unescaped(node['#text']);
  const cdata = node['#cdata'];
  return Array.isArray(cdata) ? cdata.map((one: Parsed) => String(one['#text'] ?? '')).join('') : '';
}

const NAMED: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

/** What XML itself has names and numbers for. Any other name stands for an entity. */
function unescaped(text: string): string {
  return text.replace(
    /&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|([\w.-]+));/gi,
    (whole, hex?: string, number?: string, name?: string) => {
      if (name !== undefined) {
        const sign = NAMED[name];
        if (sign === undefined) throw new Stop({ code: 'xml_entities', detail: whole });
        return sign;
      }
      const point = hex === undefined ? Number(number) : Number.parseInt(hex, 16);
      const isCharacter = point > 0 && point <= 0x10ffff && (point < 0xd800 || point > 0xdfff);
      if (!isCharacter) throw new Stop({ code: 'broken_syntax', detail: whole });
      return String.fromCodePoint(point);
    },
  );
}

function lineAt(text: string, at: number): number {
  return text.slice(0, at).split('\n').length;
}
