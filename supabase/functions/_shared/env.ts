/** How addresses that somebody gave are reached; what may be asked is for the caller to check. */
export interface Reach {
  /** All addresses of a host, IPv4 and IPv6; itself for an address. Rejects, or is empty, for a name that has none. */
  resolve(host: string): Promise<string[]>;
  /** Asks a URL of the address that was checked. Follows no redirection; the body is unpacked as it is read. */
  open(
    url: URL,
    address: string,
    headers: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<Response>;
}

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
  /** How addresses that people give are reached; none: nothing is fetched. */
  reach?: Reach;
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
