/** What the benchmark uses of peers that bring no types of their own. */
declare module 'pouchdb-browser' {
  interface Replication extends Promise<unknown> {
    cancel(): void;
  }
  interface ReplicateOptions {
    batch_size?: number;
    batches_limit?: number;
  }
  export default class PouchDB {
    constructor(name: string, options?: object);
    bulkDocs(docs: readonly object[]): Promise<unknown>;
    put(doc: object): Promise<unknown>;
    allDocs(options: {
      limit?: number;
      include_docs?: boolean;
    }): Promise<{ total_rows: number; rows: unknown[] }>;
    readonly replicate: {
      to(url: string, options?: ReplicateOptions): Replication;
      from(url: string, options?: ReplicateOptions): Replication;
    };
  }
}

declare module 'pouchdb-core' {
  import type PouchDB from 'pouchdb-browser';

  export interface PouchDBClass {
    new (name: string): PouchDB & { destroy(): Promise<void> };
    plugin(plugin: object): PouchDBClass;
    defaults(options: object): PouchDBClass;
  }
  const core: PouchDBClass;
  export default core;
}

declare module 'pouchdb-adapter-memory' {
  const plugin: object;
  export default plugin;
}

declare module 'express-pouchdb' {
  import type { RequestListener } from 'node:http';
  import type { PouchDBClass } from 'pouchdb-core';

  export default function serve(database: PouchDBClass, options: object): RequestListener;
}
