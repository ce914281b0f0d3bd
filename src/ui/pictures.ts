const FILES = import.meta.glob<string>('./pictures/*.svg', { eager: true, query: '?raw', import: 'default' });

/** Drawings of an answer that a form carries itself: one SVG, without anything that could leave a CSS `url("…")`. */
const OWN_DRAWING = /^data:image\/svg\+xml[;,][^"\\\s]*$/;

/** How an answer is drawn: by a file of `pictures/`, a drawing of its own, or courses of the stack. */
export type Picture = { readonly source: string } | { readonly courses: number };

/** The drawing that a form names; null for none, or one that this version of the app does not have. */
export function pictureOf(name: string | null | undefined): Picture | null {
  if (!name) return null;
  const courses = /^stack-([0-4])$/.exec(name)?.[1];
  if (courses !== undefined) return { courses: Number(courses) };
  if (OWN_DRAWING.test(name)) return { source: name };
  const file = FILES[`./pictures/${name}.svg`];
  return file === undefined ? null : { source: `data:image/svg+xml,${encodeURIComponent(file.trim())}` };
}
