import { serveOnSupabase } from '../_shared/deno.ts';
import { handler } from './handler.ts';
import { wayOfMails } from './mail-way.ts';

serveOnSupabase(handler, wayOfMails);
