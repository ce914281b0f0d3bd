/**
 * The drawing of a theme's sign, on a 24 × 24 grid, shared by the SVG components and the map's canvas.
 * Shape and letter carry the meaning; colour only helps.
 */
export interface Shape {
  /** Silhouette, filled with the theme's colour. */
  outline: string;
  /** The light part inside (door, halo). */
  opening: string;
  /** Larger light part of the selected marker, which holds the letter. */
  frame: string;
  /** The dark part of a hollow (pending) marker. */
  core: string;
  /** Baseline and size of the letter in the frame. */
  letterY: number;
  letterSize: number;
}

const DOME: Shape = {
  outline: 'M1.8 22.5C1.8 11.5 5.8 3 12 2.6C18.2 3 22.2 11.5 22.2 22.5Z',
  opening: 'M9 22.5V15.6A3 3 0 0 1 15 15.6V22.5Z',
  frame: 'M7.6 22.5V15A4.4 4.4 0 0 1 16.4 15V22.5Z',
  core: 'M9 22.5V15.6A3 3 0 0 1 15 15.6V22.5Z',
  letterY: 20.6,
  letterSize: 8.2,
};

const DOOR: Shape = {
  outline:
    'M4.5 2.5H19.5Q21.5 2.5 21.5 4.5V20.5Q21.5 22.5 19.5 22.5H4.5Q2.5 22.5 2.5 20.5V4.5Q2.5 2.5 4.5 2.5Z',
  opening: 'M8.2 22.5V7.5H15.8V22.5Z',
  frame: 'M6.8 22.5V6.8H17.2V22.5Z',
  core: 'M8.2 22.5V7.5H15.8V22.5Z',
  letterY: 18.4,
  letterSize: 10,
};

const HALO: Shape = {
  outline: 'M12 2.2A10.3 10.3 0 1 1 11.99 2.2Z',
  opening: 'M12 6.4A6.1 6.1 0 1 1 11.99 6.4ZM12 8.9A3.6 3.6 0 1 0 12.01 8.9Z',
  frame: 'M12 6.4A6.1 6.1 0 1 1 11.99 6.4Z',
  core: 'M12 9.3A3.2 3.2 0 1 1 11.99 9.3Z',
  letterY: 16,
  letterSize: 10,
};

/** A theme added as data without a drawing of its own: one squared stone. */
const STONE: Shape = {
  outline:
    'M9 2.6H15Q16 2.6 16.7 3.3L21.6 8.2Q22.2 8.8 22.2 9.8V15.4Q22.2 16.4 21.6 17L16.7 21.8Q16 22.5 15 22.5H9Q8 22.5 7.3 21.8L2.4 17Q1.8 16.4 1.8 15.4V9.8Q1.8 8.8 2.4 8.2L7.3 3.3Q8 2.6 9 2.6Z',
  opening: 'M7 11H17V14H7Z',
  frame: 'M7 7H17V18H7Z',
  core: 'M7 11H17V14H7Z',
  letterY: 16.2,
  letterSize: 10,
};

export const SHAPES = { dome: DOME, door: DOOR, halo: HALO, stone: STONE } as const;

export type ShapeName = keyof typeof SHAPES;

/** Colours a theme may wear; on markers they are the same whatever the mode, over any base map. */
export const MARKER_COLOURS = {
  ochre: '#8A5A14',
  garrigue: '#3F5B36',
  dusk: '#2B3A5C',
  oxide: '#96341F',
  stone: '#4F493F',
} as const;

export type ColourName = keyof typeof MARKER_COLOURS;

export const MARKER_INK = '#22252B';
export const MARKER_WHITE = '#FFFFFF';
export const MARKER_LIME = '#FBF8F1';

/** How a theme is drawn. */
export interface Sign {
  shape: ShapeName;
  colour: ColourName;
  /** One capital letter, shown on the selected marker. */
  letter: string;
}

/**
 * Turns whatever the `marker` of a theme's settings holds into a sign that can be drawn: a theme added as data with a shape
 * or a colour unknown here is a squared stone.
 */
export function signOf(marker: unknown): Sign {
  const { shape, color, letter } = (typeof marker === 'object' && marker !== null ? marker : {}) as Record<
    string,
    unknown
  >;
  return {
    shape: typeof shape === 'string' && shape in SHAPES ? (shape as ShapeName) : 'stone',
    colour: typeof color === 'string' && color in MARKER_COLOURS ? (color as ColourName) : 'stone',
    letter: typeof letter === 'string' ? letter.slice(0, 1).toUpperCase() : '',
  };
}
