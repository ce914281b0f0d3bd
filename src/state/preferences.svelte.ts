/** How the interface looks and speaks. Belongs to the device, not to the person. */
export const APPEARANCES = ['auto', 'light', 'dark', 'outdoors'] as const;
export type Appearance = (typeof APPEARANCES)[number];

export const INTERFACE_LANGUAGES = ['fr', 'en'] as const;
export type InterfaceLanguage = (typeof INTERFACE_LANGUAGES)[number];

/** Where the map was when the person left it: WGS84 degrees and zoom level. */
export interface MapView {
  readonly lon: number;
  readonly lat: number;
  readonly zoom: number;
}

interface Stored {
  readonly appearance?: Appearance;
  readonly language?: InterfaceLanguage;
  readonly mapView?: MapView;
}

/** What is kept of `Storage`, so that tests pass a Map and a blocked storage costs nothing. */
export interface PreferenceStore {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
}

const KEY = 'capitelle.preferences';

/**
 * Choices of this device. They live in localStorage and not in a database because the first paint
 * waits for them; a browser that refuses storage keeps them for the visit.
 */
export class Preferences {
  #store: PreferenceStore | null;
  #stored = $state.raw<Stored>({});
  #deviceLanguage: InterfaceLanguage;

  readonly appearance: Appearance = $derived.by(() => this.#stored.appearance ?? 'auto');
  readonly language: InterfaceLanguage = $derived.by(() => this.#stored.language ?? this.#deviceLanguage);

  /**
   * @param store where choices are kept, null when the browser refuses
   * @param deviceLanguages what the browser asks for, best first (`navigator.languages`)
   */
  constructor(store: PreferenceStore | null, deviceLanguages: readonly string[] = []) {
    this.#store = store;
    this.#deviceLanguage = firstKnown(deviceLanguages);
    this.#stored = read(store);
  }

  get mapView(): MapView | null {
    return this.#stored.mapView ?? null;
  }

  setAppearance(appearance: Appearance): void {
    this.#save({ appearance });
  }

  setLanguage(language: InterfaceLanguage): void {
    this.#save({ language });
  }

  /** Keeps where the map is, for the next start. */
  rememberMapView(mapView: MapView): void {
    this.#save({ mapView });
  }

  #save(change: Stored): void {
    this.#stored = { ...this.#stored, ...change };
    try {
      this.#store?.setItem(KEY, JSON.stringify(this.#stored));
    } catch {
      // Full or forbidden storage: the choice holds for this visit.
    }
  }
}

/** The first of the asked languages that the interface speaks; French when it speaks none. */
function firstKnown(asked: readonly string[]): InterfaceLanguage {
  for (const tag of asked) {
    const language = INTERFACE_LANGUAGES.find((known) => tag.toLowerCase().startsWith(known));
    if (language) return language;
  }
  return 'fr';
}

function read(store: PreferenceStore | null): Stored {
  try {
    const value: unknown = JSON.parse(store?.getItem(KEY) ?? '{}');
    if (typeof value !== 'object' || value === null) return {};
    const { appearance, language, mapView } = value as Record<string, unknown>;
    return {
      ...(isOneOf(APPEARANCES, appearance) && { appearance }),
      ...(isOneOf(INTERFACE_LANGUAGES, language) && { language }),
      ...(isMapView(mapView) && { mapView }),
    };
  } catch {
    return {};
  }
}

function isOneOf<T extends string>(known: readonly T[], value: unknown): value is T {
  return known.includes(value as T);
}

function isMapView(value: unknown): value is MapView {
  if (typeof value !== 'object' || value === null) return false;
  const { lon, lat, zoom } = value as Record<string, unknown>;
  return [lon, lat, zoom].every((number) => Number.isFinite(number));
}
