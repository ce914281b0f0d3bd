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
