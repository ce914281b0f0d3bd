import type { Api } from '../../api/client.ts';
import { fetchTemplates, type Template } from '../../api/review.ts';
import type { Cache } from '../../db/cache.ts';
import type { Decision } from '../../domain/decision.ts';

const KEY = 'templates';

/** The messages that the working group often writes; those of the last time without network. */
export class Templates {
  #api: Api;
  #cache: () => Cache;
  #list = $state.raw<readonly Template[]>([]);

  constructor(api: Api, cache: () => Cache) {
    this.#api = api;
    this.#cache = cache;
  }

  /** Those that fit a decision, those of its reason first. */
  fitting(theme: string, decision: Decision, reason: string | null): readonly Template[] {
    const fits = this.#list.filter(
      (one) => one.theme === theme && (one.decision == null || one.decision === decision),
    );
    const isOfReason = (one: Template) => reason !== null && one.reason === reason;
    const general = fits.filter((one) => one.reason == null);
    return [
      ...fits.filter(isOfReason),
      ...(reason === null ? fits.filter((one) => one.reason) : []),
      ...general,
    ];
  }

  async load(): Promise<void> {
    const { meta } = this.#cache();
    try {
      this.#list = await fetchTemplates(this.#api);
      await meta.put({ key: KEY, value: this.#list });
    } catch {
      const kept = (await meta.get(KEY))?.value;
      if (Array.isArray(kept)) this.#list = kept as Template[];
    }
  }
}
