import { expect, test } from 'vitest';
import { jsonText } from '../../../src/domain/json.ts';

test('what is sent holds nothing that a PostgreSQL refuses, and loses nothing else', () => {
  const cut = '🏠'.slice(0, 1);
  const text = jsonText({ note: `Lavoir${cut}\0 du Riou 🏠`, list: [`a\0`, 1, null], nested: { deep: cut } });
  expect(JSON.parse(text)).toEqual({ note: 'Lavoir du Riou 🏠', list: ['a', 1, null], nested: { deep: '' } });
  expect(text).not.toMatch(/\\u0000|\\ud8/);
});
