import type { Api } from '../api/client.ts';
import type { Cache } from '../db/cache.ts';
import type { Precious } from '../db/precious.ts';
import type { Draft } from '../domain/commands/make.ts';
import type { Catalogue } from '../state/catalogue.svelte.ts';
import { Contributions } from '../state/contributions.svelte.ts';
import { Follows } from '../state/follows.svelte.ts';
import type { People } from '../state/people.ts';
import type { InterfaceLanguage, PreferenceStore } from '../state/preferences.svelte.ts';
import { ReportForm } from '../state/report-form.svelte.ts';
import { RoleNews } from '../state/role-news.ts';
import type { Session } from '../state/session.svelte.ts';
import { smallPhoto } from '../state/small-photo.ts';
import { TerritoryNames } from '../state/territory-names.svelte.ts';
import { ThemeRules } from '../state/theme-rules.svelte.ts';
import { VocabularyVersions } from '../state/vocabulary-versions.svelte.ts';
import { WorkingGroups } from '../state/working-groups.svelte.ts';

interface Shared {
  readonly api: Api;
  readonly precious: Precious;
  readonly cache: () => Cache;
  readonly userId: () => string | null;
  readonly session: Session;
  readonly catalogue: Catalogue;
  readonly enqueue: (draft: Draft) => Promise<unknown>;
  readonly now: () => Date;
  readonly language: () => InterfaceLanguage;
  readonly store: PreferenceStore | null;
}

/** What people are to each other; it follows no table and needs no effect. */
export function buildPeople(shared: Shared): People {
  const { api, precious, cache, userId, session, catalogue, enqueue, now, language, store } = shared;
  return {
    report: new ReportForm({
      api,
      precious,
      // Without the charter nothing would leave: what they say is taken as anybody's.
      isSigned: () => session.isSignedIn && session.hasCharter,
      enqueue,
      shrink: smallPhoto,
      now,
      newId: () => crypto.randomUUID(),
      language,
    }),
    groups: new WorkingGroups({ api, userId, refreshMe: () => session.refresh() }),
    rules: new ThemeRules({
      api,
      theme: (id) => catalogue.theme(id),
      refreshThemes: () => catalogue.refreshThemes(),
    }),
    versionsOf: (scheme) => new VocabularyVersions(api, scheme),
    importInto: async (scheme) => {
      const { VocabularyImport } = await import('../state/vocabulary-import.svelte.ts');
      return new VocabularyImport({ api, scheme, newId: () => crypto.randomUUID() });
    },
    vocabularyOf: async (scheme) => {
      const { VocabularyDesk } = await import('../state/vocabulary-desk.svelte.ts');
      return new VocabularyDesk({ api, scheme, language, newId: () => crypto.randomUUID() });
    },
    alignmentOf: async (scheme) => {
      const { Alignment } = await import('../state/alignment.svelte.ts');
      const concepts = () => catalogue.thesaurus.values();
      return new Alignment({ api, scheme, userId: userId() ?? '', concepts, store });
    },
    contributions: new Contributions({ api, cache, userId }),
    follows: new Follows({ api, userId }),
    roleNews: new RoleNews({ precious, me: () => session.me, now }),
    territories: new TerritoryNames(api),
  };
}
