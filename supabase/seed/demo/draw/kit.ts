/** Pieces that the demonstration's pictures are drawn with: SVG text, sizes in pixels. */
export const width = 1200;
export const height = 900;

/** Repeatable randomness (mulberry32): the same picture each time. */
export function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Hues of the stones of the Minervois. */
export const limestone = ['#c9b891', '#bba97f', '#d6c7a3', '#a9966f', '#c2ae86', '#b09d78', '#dccfae'];
export const shadedStone = ['#8e7d5f', '#9a8868', '#7f7056', '#a29070', '#877759'];
export const schist = ['#8b8578', '#7a756a', '#9a9486', '#6d695f', '#a39c8c'];

export interface Box {
  x: number;
  y: number;
  w: number;
  h: number;
}

/** A wall of uneven stones in courses, cut to `clip` when one is named. */
export function stones(box: Box, course: number, hues: readonly string[], seed: number, clip = ''): string {
  const random = createRandom(seed);
  const shapes: string[] = [`<rect x="${box.x}" y="${box.y}" width="${box.w}" height="${box.h}" fill="#6b5d45"/>`];
  for (let y = box.y; y < box.y + box.h; ) {
    const rowHeight = course * (0.75 + random() * 0.5);
    for (let x = box.x - random() * course; x < box.x + box.w; ) {
      const stoneWidth = course * (1.1 + random() * 1.9);
      shapes.push(stone({ x, y, w: stoneWidth, h: rowHeight }, hues[Math.floor(random() * hues.length)] ?? '#bba97f', random));
      x += stoneWidth;
    }
    y += rowHeight;
  }
  if (clip !== '') return `<g clip-path="url(#${clip})">${shapes.join('')}</g>`;
  const { x, y, w, h } = box;
  return `<svg x="${x}" y="${y}" width="${w}" height="${h}" viewBox="${x} ${y} ${w} ${h}">${shapes.join('')}</svg>`;
}

function stone({ x, y, w, h }: Box, hue: string, random: () => number): string {
  const joint = 3;
  const nudge = () => (random() - 0.5) * Math.min(10, h * 0.22);
  const corners = [
    [x + joint, y + joint],
    [x + w * (0.4 + random() * 0.2), y + joint],
    [x + w - joint, y + joint],
    [x + w - joint, y + h - joint],
    [x + w * (0.4 + random() * 0.2), y + h - joint],
    [x + joint, y + h - joint],
  ].map(([cx = 0, cy = 0]) => `${(cx + nudge()).toFixed(1)},${(cy + nudge()).toFixed(1)}`);
  const light = `<path d="M${x + joint + 5} ${y + joint + 4} h${Math.max(4, w - 20)}" stroke="#fff" stroke-opacity=".16" stroke-width="3"/>`;
  return `<polygon points="${corners.join(' ')}" fill="${hue}"/>${light}`;
}

/** Sky, far hills and ground. */
export function landscape(horizon: number, hues: { sky: [string, string]; hills: [string, string]; ground: string }): string {
  return `<defs><linearGradient id="sky" x2="0" y2="1"><stop stop-color="${hues.sky[0]}"/><stop offset="1" stop-color="${hues.sky[1]}"/></linearGradient></defs>
    <rect width="${width}" height="${height}" fill="url(#sky)"/>
    <path d="M0 ${horizon - 40} Q180 ${horizon - 150} 380 ${horizon - 70} T760 ${horizon - 90} T${width} ${horizon - 130} V${height} H0Z" fill="${hues.hills[0]}"/>
    <path d="M0 ${horizon} Q300 ${horizon - 80} 620 ${horizon - 20} T${width} ${horizon - 30} V${height} H0Z" fill="${hues.hills[1]}"/>
    <rect y="${horizon + 10}" width="${width}" height="${height - horizon}" fill="${hues.ground}"/>`;
}

/** A clump of leaves around a place. */
export function leaves(x: number, y: number, size: number, hues: readonly string[], seed: number): string {
  const random = createRandom(seed);
  const leaf = () => {
    const angle = random() * Math.PI * 2;
    const distance = Math.sqrt(random()) * size;
    const radius = size * (0.1 + random() * 0.12);
    const cx = x + Math.cos(angle) * distance;
    const cy = y + Math.sin(angle) * distance * 0.7;
    return `<ellipse cx="${cx.toFixed(0)}" cy="${cy.toFixed(0)}" rx="${(radius * 1.5).toFixed(0)}" ry="${radius.toFixed(0)}" fill="${hues[Math.floor(random() * hues.length)]}" transform="rotate(${(random() * 180).toFixed(0)} ${cx.toFixed(0)} ${cy.toFixed(0)})"/>`;
  };
  return Array.from({ length: 60 }, leaf).join('');
}

/** A roof of round tiles seen from the front. */
export function tiles(box: Box, seed: number): string {
  const random = createRandom(seed);
  const hues = ['#b5573a', '#a84e33', '#c0653f', '#9c4730', '#c97650'];
  const rows: string[] = [`<rect x="${box.x}" y="${box.y}" width="${box.w}" height="${box.h}" fill="#7d3a28"/>`];
  const tile = 46;
  for (let row = 0; row * 36 < box.h; row++) {
    for (let x = box.x - (row % 2) * (tile / 2); x < box.x + box.w; x += tile) {
      const y = box.y + row * 36;
      rows.push(
        `<path d="M${x + 2} ${y} h${tile - 4} v34 q${-(tile - 4) / 2} 14 ${-(tile - 4)} 0Z" fill="${hues[Math.floor(random() * hues.length)]}"/>`,
      );
    }
  }
  return `<g clip-path="url(#roof)">${rows.join('')}</g>`;
}

export const green = ['#7d8f54', '#6b7d46', '#8fa163', '#5c6d3d', '#9bab70'];
export const day = { sky: ['#7f9fc0', '#d9dfd6'] as [string, string], hills: ['#93a58c', '#7f9470'] as [string, string], ground: '#c8b98c' };
