// The screens of a vocabulary, named apart: the first load of readers carries one address for all that these need.

/** The terms, edited. */
export const edit = () => import('../features/vocabulary/VocabularyScreen.svelte');
/** Another vocabulary, brought in. */
export const bringIn = () => import('../features/vocabulary/ImportScreen.svelte');
/** The values of another database, read with the terms. */
export const align = () => import('../features/vocabulary/AlignScreen.svelte');
