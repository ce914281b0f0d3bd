import './styles/fonts.css';
import './styles/tokens.css';
import './styles/base.css';

import { mount } from 'svelte';
import * as z from 'zod/mini';

import { openDoor } from './api/client.ts';
import { readConfig } from './app/config.ts';
import { parseEmbed } from './domain/embed.ts';
import { ProblemError } from './domain/problems.ts';
import EmbedMapPage from './features/embed/EmbedMapPage.svelte';
import { applyLocale } from './i18n/locale.ts';
import { EmbeddedMap } from './state/embedded-map.svelte.ts';
import { applyAppearance } from './ui/appearance.ts';

// The map on somebody else's page. It reads, and keeps nothing: many pages forbid what they frame to store anything.
z.config({ jitless: true });

const options = parseEmbed(location.search);
const language = options.language ?? (/^fr|^oc|^ca/.test(navigator.language) ? 'fr' : 'en');
applyLocale(language);
applyAppearance(options.appearance);

const { url, publishableKey } = readConfig(import.meta.env, location.origin);
const nobody = () => Promise.reject(new ProblemError('auth_required', 'nobody signs in here'));
const api = openDoor({ url, publishableKey, token: nobody });

const target = document.getElementById('app');
if (target) {
  mount(EmbedMapPage, { target, props: { map: new EmbeddedMap({ api, options, language }) } });
}
