// The pages about this service, named apart as those of a vocabulary are.

/** What it is, and whose. */
export const about = () => import('../features/about/AboutScreen.svelte');
/** How accessible it is. */
export const accessibility = () => import('../features/about/AccessibilityScreen.svelte');
/** Who answers for it. */
export const legal = () => import('../features/about/LegalScreen.svelte');
/** What is kept of people. */
export const privacy = () => import('../features/about/PrivacyScreen.svelte');
/** How it is put on another site. */
export const embed = () => import('../features/embed/EmbedScreen.svelte');
