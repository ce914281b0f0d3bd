import type { Api } from '../api/client.ts';
import {
  fetchTemplates,
  type OwnReason,
  removeTemplate,
  setReasons,
  setTemplate,
  setTrust,
  type Template,
  type TemplateDraft,
  type TrustRule,
} from '../api/theme-settings.ts';
import { type Problem, problemOf } from '../domain/problems.ts';
import type { Theme } from '../domain/theme.ts';
import { readOwnReasons, readTrustRule } from '../domain/theme-rules.ts';

export type { OwnReason, Template, TemplateDraft, TrustRule } from '../api/theme-settings.ts';

interface Deps {
  readonly api: Api;
  readonly theme: (id: string) => Theme | undefined;
  /** Asks for the themes anew: their settings have changed. */
  readonly refreshThemes: () => Promise<void>;
}

/** What a group sets for its theme: trust, reasons, messages. */
export class ThemeRules {
  #deps: Deps;
  #templates = $state.raw<readonly Template[] | null>(null);
  #problem = $state.raw<Problem | null>(null);
  /** What the server accepted, until the themes say it too. */
  #trust = $state.raw<Readonly<Record<string, TrustRule>>>({});
  #reasons = $state.raw<Readonly<Record<string, readonly OwnReason[]>>>({});

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  get problem(): Problem | null {
    return this.#problem;
  }

  trust(themeId: string): TrustRule {
    return this.#trust[themeId] ?? readTrustRule(this.#deps.theme(themeId)?.settings ?? {});
  }

  /** Reasons beside those of everywhere. */
  reasons(themeId: string): readonly OwnReason[] {
    return this.#reasons[themeId] ?? readOwnReasons(this.#deps.theme(themeId)?.settings ?? {});
  }

  /** Messages of a theme; null until the server told. */
  templates(themeId: string): readonly Template[] | null {
    return this.#templates?.filter((one) => one.theme === themeId) ?? null;
  }

  /** Reads the messages. Never throws: see `problem`. */
  async load(): Promise<void> {
    try {
      this.#templates = await fetchTemplates(this.#deps.api);
      this.#problem = null;
    } catch (cause) {
      this.#problem = problemOf(cause);
    }
  }

  /** Throws ProblemError. */
  async setTrust(themeId: string, rule: TrustRule): Promise<void> {
    await setTrust(this.#deps.api, themeId, rule);
    this.#trust = { ...this.#trust, [themeId]: rule };
    await this.#deps.refreshThemes().catch(() => undefined);
  }

  /** Throws ProblemError. */
  async setReasons(themeId: string, reasons: readonly OwnReason[]): Promise<void> {
    await setReasons(this.#deps.api, themeId, reasons);
    this.#reasons = { ...this.#reasons, [themeId]: reasons };
    await this.#deps.refreshThemes().catch(() => undefined);
  }

  /** Throws ProblemError. */
  async write(template: TemplateDraft): Promise<void> {
    await setTemplate(this.#deps.api, template);
    await this.load();
  }

  /** Throws ProblemError. */
  async removeTemplate(id: string): Promise<void> {
    await removeTemplate(this.#deps.api, id);
    await this.load();
  }
}
