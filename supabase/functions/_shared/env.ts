/** What a function knows of the project it runs in. */
export interface FunctionEnv {
  /** Address of the API, without a final slash. */
  supabaseUrl: string;
  publishableKey: string;
  serviceKey: string;
  /** Address of the application, as people see it. */
  publicUrl: string;
  /** Header in which the platform says where a call comes from, whatever the caller wrote; none: nobody knows. */
  addressHeader?: string;
  /** How the API is called: the platform's `fetch` unless the server answers in its own process. */
  fetch?: (request: Request) => Promise<Response>;
  /** How a mail leaves; jobs of kind `mail` wait where there is none. */
  sendMail?: (to: string, mail: { subject: string; text: string }) => Promise<void>;
}

/** A function of the project: a web-standard handler. */
export type FunctionHandler = (request: Request, env: FunctionEnv) => Promise<Response>;

/**
 * The header in which the platform says where a call comes from. Hosted projects stand behind Cloudflare, which writes it
 * over whatever the caller wrote. Elsewhere only who runs the proxy knows the one that nobody can forge: until they name
 * it (`named`), there is none, and all callers count as one.
 */
export function addressHeaderOf(
  supabaseUrl: string,
  named: string | undefined,
): Pick<FunctionEnv, 'addressHeader'> {
  if (named) return { addressHeader: named };
  const isHosted = URL.canParse(supabaseUrl) && new URL(supabaseUrl).hostname.endsWith('.supabase.co');
  return isHosted ? { addressHeader: 'cf-connecting-ip' } : {};
}
