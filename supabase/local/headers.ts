/** Where the base map comes from when the build names no other source. */
const defaultBasemapUrl = 'https://data.geopf.fr/wmts';

/**
 * Headers of the application's pages: scripts, styles and fonts from this origin only, images and
 * requests from it and from the base map's host.
 */
export function pageHeaders(basemapUrl: string | undefined): Record<string, string> {
  const basemap = originOf(basemapUrl ?? defaultBasemapUrl);
  return {
    'Content-Security-Policy': [
      `default-src 'self'`,
      `script-src 'self'`,
      `style-src 'self'`,
      `img-src 'self' blob: data: ${basemap}`,
      `connect-src 'self' ${basemap}`,
      `font-src 'self'`,
      `worker-src 'self'`,
      `manifest-src 'self'`,
      `object-src 'none'`,
      `base-uri 'none'`,
      `form-action 'self'`,
      `frame-ancestors 'none'`,
    ].join('; '),
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'strict-origin-when-cross-origin',
    'Permissions-Policy': 'geolocation=(self), camera=(self), microphone=(), payment=(), usb=()',
    'Cross-Origin-Opener-Policy': 'same-origin',
  };
}

/** Headers of the map that other sites frame: as those of a page, but for who may frame it. */
export function framedHeaders(basemapUrl: string | undefined): Record<string, string> {
  const headers = pageHeaders(basemapUrl);
  const policy = headers['Content-Security-Policy'] ?? '';
  return {
    ...headers,
    'Content-Security-Policy': policy.replace(`frame-ancestors 'none'`, 'frame-ancestors *'),
    'Permissions-Policy': 'geolocation=(), camera=(), microphone=(), payment=(), usb=()',
  };
}

/** Headers of files and answers that somebody else wrote: never run, never guessed, never framed. */
export const sandboxHeaders: Record<string, string> = {
  'X-Content-Type-Options': 'nosniff',
  'Content-Security-Policy': `default-src 'none'; sandbox; frame-ancestors 'none'`,
  'Cross-Origin-Resource-Policy': 'cross-origin',
};

/** Copies a response with more headers; the body is passed on as it is. */
export function withHeaders(response: Response, headers: Record<string, string>): Response {
  const copy = new Response(response.body, response);
  for (const [name, value] of Object.entries(headers)) copy.headers.set(name, value);
  return copy;
}

function originOf(url: string): string {
  // A tile address may hold {z}, {x}, {y} and {s}: only its origin matters here.
  const host = /^(https?:\/\/)([^/]+)/.exec(url);
  if (!host) return '';
  return `${host[1]}${(host[2] ?? '').replace(/\{[^}]+\}/, '*')}`;
}
