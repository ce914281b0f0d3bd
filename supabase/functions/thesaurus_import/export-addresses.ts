/**
 * Where a vocabulary may be read whole whose page for people has this address: Opentheso's (`…/?idt=th12`, `…&idt=th12`) and
 * Skosmos's (`…/<vocabulary>/fr/`), the likeliest first; itself for any other. Addresses of files and of APIs are asked as they are.
 */
export function exportAddresses(text: string): string[] {
  if (!URL.canParse(text)) return [text];
  const url = new URL(text);
  // Opentheso: https://opentheso.hypotheses.org/50 and `<base>/openapi/doc/`; the second is its older API.
  const thesaurus = url.searchParams.get('idt');
  if (thesaurus !== null && !/\/(?:api|openapi)\//.test(url.pathname)) {
    const base = url.origin + url.pathname.replace(/\/(?:[^/]*\.xhtml)?$/, '');
    const id = encodeURIComponent(thesaurus);
    return [`${base}/openapi/v1/thesaurus/${id}`, `${base}/api/all/theso?id=${id}&format=rdf`];
  }
  // Skosmos: `/rest/v1/<vocabulary>/data` beside the pages `/<vocabulary>/<language>/…`.
  const [, base, vocabulary] = /^(.*?)\/([\w-]+)\/[a-z]{2,3}(?:\/.*)?$/.exec(url.pathname) ?? [];
  if (vocabulary === undefined || url.pathname.includes('/rest/')) return [text];
  return [text, `${url.origin}${base}/rest/v1/${vocabulary}/data?format=text/turtle`];
}
