import * as z from 'zod/mini';

import type { FromEngine, Line } from '../sync/worker/protocol.ts';
import { serveEngine } from '../sync/worker/serve.ts';

// The content security policy forbids compiling code, with which zod would speed itself up.
z.config({ jitless: true });

/** Runs the sync of one person away from the interface, so that no screen waits for it. */
serveEngine(self as unknown as Line<FromEngine>);
