import { DataFactory, type Quad, type Quad_Object, type Quad_Subject } from 'n3';

import { PREFIXES } from './iris.ts';
import type { ReadQuads } from './read-turtle.ts';
import { type Element, readXml } from './xml-tree.ts';

const { namedNode, blankNode, literal, quad } = DataFactory;
const { rdf } = PREFIXES;
/** Attributes that say what an element is; others are properties in short. */
const SYNTAX = new Set(
  ['about', 'ID', 'nodeID', 'resource', 'datatype', 'parseType', 'bagID'].map((name) => rdf + name),
);

/** Reads RDF/XML (https://www.w3.org/TR/rdf-syntax-grammar/), without what nobody writes: reification by `rdf:ID`. Never throws. */
export function readRdfXml(text: string, base?: string): ReadQuads {
  const { root, faults } = readXml(text, base);
  if (!root) return { quads: [], faults };
  const quads: Quad[] = [];
  const reader = new ElementReader((one) => quads.push(one));
  for (const element of root.name === `${rdf}RDF` ? root.children : [root]) reader.thing(element);
  return { quads, faults };
}

class ElementReader {
  readonly #tell: (said: Quad) => void;
  /** Blank nodes that the file names. */
  readonly #named = new Map<string, Quad_Subject>();

  constructor(tell: (said: Quad) => void) {
    this.#tell = tell;
  }

  /** An element that stands for a thing. */
  thing(element: Element): Quad_Subject {
    const { attributes } = element;
    const about = attributes.get(`${rdf}about`);
    const id = attributes.get(`${rdf}ID`);
    const name = attributes.get(`${rdf}nodeID`);
    const subject =
      about !== undefined
        ? namedNode(resolved(about, element))
        : id !== undefined
          ? namedNode(resolved(`#${id}`, element))
          : name !== undefined
            ? this.#blank(name)
            : blankNode();
    if (element.name !== `${rdf}Description`) this.#say(subject, `${rdf}type`, namedNode(element.name));
    this.#properties(subject, element);
    return subject;
  }

  /** What an element says of a thing: by its attributes, and by its children. */
  #properties(subject: Quad_Subject, element: Element): void {
    for (const [name, value] of element.attributes) {
      if (SYNTAX.has(name) || !name.includes(':')) continue;
      const isType = name === `${rdf}type`;
      this.#say(subject, name, isType ? namedNode(resolved(value, element)) : text(value, element.language));
    }
    element.children.forEach((child, index) => {
      const predicate = child.name === `${rdf}li` ? `${rdf}_${index + 1}` : child.name;
      this.#say(subject, predicate, this.#object(child));
    });
  }

  #object(element: Element): Quad_Object {
    const { attributes, children } = element;
    const parse = attributes.get(`${rdf}parseType`);
    if (parse === 'Resource') return this.#about(blankNode(), element);
    if (parse === 'Collection') return this.#list(children);
    const resource = attributes.get(`${rdf}resource`);
    if (resource !== undefined) return this.#about(namedNode(resolved(resource, element)), element);
    const name = attributes.get(`${rdf}nodeID`);
    if (name !== undefined) return this.#about(this.#blank(name), element);
    const datatype = attributes.get(`${rdf}datatype`);
    if (datatype !== undefined) return literal(element.text, namedNode(resolved(datatype, element)));
    const [child] = children;
    if (parse === undefined && child) return this.thing(child);
    const hasProperties = [...attributes.keys()].some((one) => !SYNTAX.has(one) && one.includes(':'));
    if (hasProperties) return this.#about(blankNode(), element);
    return text(element.text, element.language);
  }

  #about<Node extends Quad_Subject>(subject: Node, element: Element): Node {
    this.#properties(subject, element);
    return subject;
  }

  #list(elements: readonly Element[]): Quad_Subject {
    return elements.reduceRight<Quad_Subject>(
      (rest, element) => {
        const cell = blankNode();
        this.#say(cell, `${rdf}first`, this.thing(element));
        this.#say(cell, `${rdf}rest`, rest);
        return cell;
      },
      namedNode(`${rdf}nil`),
    );
  }

  #blank(name: string): Quad_Subject {
    const known = this.#named.get(name) ?? blankNode();
    this.#named.set(name, known);
    return known;
  }

  #say(subject: Quad_Subject, predicate: string, object: Quad_Object): void {
    this.#tell(quad(subject, namedNode(predicate), object));
  }
}

function text(value: string, language: string): Quad_Object {
  return language === '' ? literal(value) : literal(value, language);
}

/** A whole address as it is written (to take it apart might change it), a part of one after its base. */
function resolved(address: string, { base }: Element): string {
  if (/^[a-z][a-z0-9+.-]*:/i.test(address) || base === undefined || !URL.canParse(address, base))
    return address;
  return new URL(address, base).href;
}
