import { Cache } from '../db/cache.ts';
import type { Language } from '../domain/language.ts';
import { buildConceptIndex } from '../domain/thesaurus/concept-index.ts';
import { buffersOf, type PackedIndex, packIndex } from '../domain/thesaurus/packed-index.ts';

/** What the page asks: the terms of a scheme, or of all, that the database of that name has. */
export interface IndexAsked {
  readonly database: string;
  readonly scheme: string | undefined;
  readonly language: Language;
}

export type IndexAnswered = { readonly packed: PackedIndex } | { readonly failed: string };

/** Makes what the search of terms reads, away from the interface. One message in, one out. */
addEventListener('message', ({ data }: MessageEvent<IndexAsked>) => {
  void make(data).catch((cause: unknown) => postMessage({ failed: String(cause) } satisfies IndexAnswered));
});

async function make({ database, scheme, language }: IndexAsked): Promise<void> {
  const cache = new Cache(database);
  const concepts = await cache.concepts.toArray();
  cache.close();
  const packed = packIndex(buildConceptIndex(concepts, scheme, language), language);
  postMessage({ packed } satisfies IndexAnswered, { transfer: buffersOf(packed) as ArrayBuffer[] });
}
