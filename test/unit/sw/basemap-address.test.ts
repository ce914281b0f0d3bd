import { expect, test } from 'vitest';

import { keepableSquares } from '../../../src/sw/basemap-address.ts';

const HERE = 'https://capitelle.test';
const keeps = (url: string | undefined, address: string, offline: string | undefined = '1') =>
  keepableSquares({ url, offline }, HERE)(new URL(address));

test('squares are known by the whole address of the map, whatever stands in its placeholders', () => {
  const named = 'https://{s}.tiles.test/carte/{z}/{x}/{y}{r}.png';
  expect(keeps(named, 'https://b.tiles.test/carte/12/2060/1490.png')).toBe(true);
  expect(keeps(named, 'https://b.tiles.test/carte/12/2060/1490@2x.png')).toBe(true);
  expect(keeps(named, 'https://b.tiles.test/photos/12/2060/1490.png')).toBe(false);
  // The name of a server, not the beginning of any address there is.
  expect(keeps(named, 'https://elsewhere.test/b.tiles.test/carte/12/2060/1490.png')).toBe(false);
  expect(keeps(named, `${HERE}/storage/v1/object/public/published/a.jpg`)).toBe(false);

  const asked = 'https://tiles.test/wmts?LAYER=plan&Z={z}&X={x}&Y={y}';
  expect(keeps(asked, 'https://tiles.test/wmts?LAYER=plan&Z=1&X=2&Y=3')).toBe(true);
  expect(keeps(asked, 'https://tiles.test/wmts?LAYER=ortho&Z=1&X=2&Y=3')).toBe(false);

  expect(keeps('/tiles/{z}/{x}/{y}.png', `${HERE}/tiles/12/1/2.png`)).toBe(true);
  expect(keeps('/tiles/{z}/{x}/{y}.png', `${HERE}/images/12/1/2.png`)).toBe(false);
});

test('an address that is none owns nothing, and breaks no image of the app', () => {
  expect(keeps('https://[{s}/{z}', `${HERE}/icon.png`)).toBe(false);
});

test('of a map whose licence does not say so, no square is kept', () => {
  const other = 'https://tiles.test/{z}/{x}/{y}.png';
  const square = 'https://tiles.test/12/1/2.png';
  for (const unsaid of ['', '0', undefined]) {
    expect(keepableSquares({ url: other, offline: unsaid }, HERE)(new URL(square))).toBe(false);
  }
  expect(keeps(other, square, '1')).toBe(true);
  // Plan IGN needs nothing said.
  const plan = new URL('https://data.geopf.fr/wmts?SERVICE=WMTS&TILEMATRIX=12&TILEROW=1&TILECOL=2');
  for (const url of [undefined, '']) expect(keepableSquares({ url }, HERE)(plan)).toBe(true);
});
