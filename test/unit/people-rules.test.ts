import { describe, expect, test } from 'vitest';

import { type Me, mayModerate } from '../../src/domain/account.ts';
import { newRoles } from '../../src/domain/new-roles.ts';
import { reportFaults } from '../../src/domain/report.ts';
import { leftToEarn, readStandings } from '../../src/domain/standing.ts';
import { readOwnReasons, readTrustRule, reasonCode } from '../../src/domain/theme-rules.ts';
import type { Theme } from '../../src/domain/theme.ts';

const written = { kind: null, text: '', email: '' } as const;

describe('a report', () => {
  test('unsigned, is its kind alone unless that says nothing', () => {
    expect(reportFaults(written, false)).toEqual({ kind: 'choose' });
    expect(reportFaults({ ...written, kind: 'position' }, false)).toEqual({});
    expect(reportFaults({ ...written, kind: 'other', text: '  ' }, false)).toEqual({ text: 'write' });
  });

  test('signed, has words, unless the thing is gone', () => {
    expect(reportFaults({ ...written, kind: 'position' }, true)).toEqual({ text: 'write' });
    expect(reportFaults({ ...written, kind: 'gone' }, true)).toEqual({});
  });

  test('asks for an address that can be written to, or none', () => {
    const kind = 'gone';
    expect(reportFaults({ ...written, kind, email: 'nom@exemple' }, false)).toEqual({ email: 'address' });
    expect(reportFaults({ ...written, kind, email: ' nom@exemple.fr ' }, false)).toEqual({});
    // Who signs is answered in the app.
    expect(reportFaults({ ...written, kind, email: 'rubbish' }, true)).toEqual({});
  });
});

describe('trust', () => {
  const standing = {
    enabled: true,
    trusted: false,
    needed: 20,
    in_a_row: 7,
    accepted: 9,
    corrected: 1,
    refused: 0,
  };

  test('tells how many are left', () => {
    expect(leftToEarn(standing)).toBe(13);
    expect(leftToEarn({ ...standing, trusted: true })).toBe(0);
    // Enough in a row, and not trusted for another cause: never "0 more".
    expect(leftToEarn({ ...standing, in_a_row: 20 })).toBe(1);
  });

  test('reads what it can of an account kept for weeks', () => {
    expect(readStandings({ heritage: standing })).toEqual({ heritage: standing });
    expect(readStandings({ heritage: 'much' })).toEqual({});
    expect(readStandings(undefined)).toEqual({});
  });

  test('reads the rule of a theme, and the usual one where there is none', () => {
    expect(readTrustRule({})).toEqual({ enabled: false, accepted: 20, audit: 0.1 });
    expect(readTrustRule({ trust: { enabled: true, accepted: 5, audit: 0 } })).toEqual({
      enabled: true,
      accepted: 5,
      audit: 0,
    });
    expect(readTrustRule({ trust: { enabled: 'yes', accepted: 0, audit: 3 } })).toEqual({
      enabled: false,
      accepted: 20,
      audit: 0.1,
    });
  });
});

describe('reasons of a theme', () => {
  test('are read with their words, a bare code as it is, those of everywhere left out', () => {
    const reasons = [
      'position_doubtful',
      'closed',
      { code: 'mine', labels: { fr: 'à moi', en: 3 } },
      { labels: {} },
      7,
    ];
    expect(readOwnReasons({ reasons })).toEqual([
      { code: 'closed', labels: { fr: 'closed' } },
      { code: 'mine', labels: { fr: 'à moi' } },
    ]);
  });

  test('get a code that the server takes, their own', () => {
    expect(reasonCode('Accès fermé', [])).toBe('acces_ferme');
    expect(reasonCode('Accès fermé', ['acces_ferme', 'acces_ferme_2'])).toBe('acces_ferme_3');
    for (const label of ['3', '…', 'é', 'x'.repeat(300), 'Œuvre d’art']) {
      expect(reasonCode(label, [])).toMatch(/^[a-z][a-z0-9_]{1,39}$/);
    }
  });
});

describe('roles that an invitation gave', () => {
  const now = new Date('2026-11-22T12:00:00Z');
  const role = (invited_at: string | null) => ({
    group: 'heritage',
    role: 'moderator',
    territories: ['*'],
    invited_at,
  });

  test('are news until they were told, and for 14 days at most', () => {
    expect(newRoles([role('2026-11-20T00:00:00Z')], null, now)).toHaveLength(1);
    expect(newRoles([role('2026-11-20T00:00:00Z')], '2026-11-21T00:00:00.000Z', now)).toEqual([]);
    expect(newRoles([role('2026-11-01T00:00:00Z')], null, now)).toEqual([]);
    expect(newRoles([role(null)], null, now)).toEqual([]);
  });
});

describe('who moderates a point', () => {
  const theme = { id: 'heritage', group: 'heritage' } as Theme;
  const at = (role: string, territories: string[], group = 'heritage') =>
    mayModerate({ memberships: [{ group, role, territories }] } as unknown as Me, theme, '11069');

  test('is told by the group, the role and the place, as far as a code tells', () => {
    expect([at('moderator', ['*']), at('coordinator', ['11069']), at('moderator', ['11'])]).toEqual(
      Array<boolean>(3).fill(true),
    );
    expect([
      at('contributor', []),
      at('moderator', ['34', '11070']),
      at('moderator', [], 'lighting'),
    ]).toEqual(Array<boolean>(3).fill(false));
    // Which communes an intercommunality has is not known here: the server says.
    expect(at('moderator', ['200035863'])).toBe(true);
    expect(mayModerate(null, theme, '11069')).toBe(false);
  });
});
