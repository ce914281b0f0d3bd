import { basename } from 'node:path';
import type { Database } from '../database.ts';
import { isCurrent, type CodeTable } from './codes.ts';
import type { TerritoryLists } from './lists.ts';
import type { Outlines } from './outlines.ts';

/** Communes or points of one transaction: well under 2 s. */
const communesPerTransaction = 200;
const pointsPerTransaction = 500;

/** What became of the outlines. */
export interface TerritoryReport {
  communes: number;
  outlines: number;
  /** Current communes of these départements for which the file has no outline. */
  withoutOutline: string[];
  /** Codes of the file that name no commune of today. */
  unknownCodes: string[];
  movedPoints: number;
}

interface CommuneRow {
  code: string;
  name: string;
  epci: string | null;
  departement: string;
  region: string;
  population: number | null;
  outlines: unknown[];
}

/** Loads the communes of the départements that a file of outlines covers, with their EPCI and regions. */
export async function loadTerritories(
  database: Database,
  file: string,
  outlines: Outlines,
  codes: CodeTable,
  lists: TerritoryLists,
): Promise<TerritoryReport> {
  const { rows, unknownCodes } = gather(outlines, codes, lists);
  await putParents(database, rows, lists);
  await putDepartements(database, outlines, lists, basename(file));
  for (let start = 0; start < rows.length; start += communesPerTransaction) {
    await putCommunes(database, rows.slice(start, start + communesPerTransaction), basename(file));
  }
  return {
    communes: rows.length,
    outlines: rows.filter((row) => row.outlines.length > 0).length,
    withoutOutline: rows.filter((row) => row.outlines.length === 0).map((row) => `${row.code} ${row.name}`),
    unknownCodes,
    movedPoints: await placePoints(database),
  };
}

function gather(
  outlines: Outlines,
  codes: CodeTable,
  lists: TerritoryLists,
): { rows: CommuneRow[]; unknownCodes: string[] } {
  const current = new Map(lists.communes.filter(isCurrent).map((commune) => [commune.code, commune]));
  const epciOf = new Map(lists.epci.flatMap((epci) => epci.membres.map(({ code }) => [code, epci.code])));
  const byCode = new Map<string, unknown[]>();
  const unknownCodes: string[] = [];
  for (const [fileCode, geometries] of outlines) {
    if (fileCode.length < 5) continue;
    const code = current.has(fileCode) ? fileCode : codes.get(fileCode);
    if (code === undefined || !current.has(code)) unknownCodes.push(fileCode);
    else byCode.set(code, [...(byCode.get(code) ?? []), ...geometries]);
  }
  const departements = new Set([...byCode.keys()].map((code) => current.get(code)?.departement));
  const rows = [...current.values()]
    .filter(({ departement }) => departements.has(departement))
    .map(({ code, nom, departement, region, population }) => ({
      code,
      name: nom,
      epci: epciOf.get(code) ?? null,
      departement,
      region,
      population: population ?? null,
      outlines: byCode.get(code) ?? [],
    }));
  return { rows, unknownCodes };
}

async function putParents(
  database: Database,
  rows: readonly CommuneRow[],
  lists: TerritoryLists,
): Promise<void> {
  const epci = new Set(rows.map((row) => row.epci));
  const departements = new Set(rows.map((row) => row.departement));
  const regions = new Set(rows.map((row) => row.region));
  const parents = [
    ...lists.epci
      .filter(({ code }) => epci.has(code))
      .map(({ code, nom }) => ({ level: 'epci', code, name: nom })),
    ...lists.departements
      .filter(({ code }) => departements.has(code))
      .map(({ code, nom, region }) => ({ level: 'departement', code, name: nom, region })),
    ...lists.regions
      .filter(({ code }) => regions.has(code))
      .map(({ code, nom }) => ({ level: 'region', code, name: nom })),
  ];
  await database.query(
    `insert into app.territories (level, code, name, region)
     select level, code, name, region
     from jsonb_to_recordset($1::jsonb) as t (level text, code text, name text, region text)
     on conflict (level, code) do update set name = excluded.name, region = excluded.region`,
    [JSON.stringify(parents)],
  );
}

/** A file may give the outline of whole départements: an instance may know its communes in some only. */
async function putDepartements(
  database: Database,
  outlines: Outlines,
  lists: TerritoryLists,
  source: string,
): Promise<void> {
  const rows = lists.departements
    .filter(({ code }) => outlines.has(code))
    .map(({ code, nom, region }) => ({ code, name: nom, region, outlines: outlines.get(code) }));
  await database.query(
    `insert into app.territories (level, code, name, region, geom, outline_source)
     select 'departement', t.code, t.name, t.region, ${fusedOutlines}, $2::text
     from jsonb_to_recordset($1::jsonb) as t (code text, name text, region text, outlines jsonb)
     on conflict (level, code) do update set geom = excluded.geom, outline_source = excluded.outline_source`,
    [JSON.stringify(rows), source],
  );
}

const fusedOutlines = `(
  select extensions.st_multi(extensions.st_collectionextract(extensions.st_makevalid(extensions.st_union(
    extensions.st_makevalid(extensions.st_setsrid(extensions.st_geomfromgeojson(g::text), 4326)))), 3))
  from jsonb_array_elements(t.outlines) as g)`;

// The outlines of communes that merged are fused; a commune without a new outline keeps the one it has.
async function putCommunes(database: Database, rows: readonly CommuneRow[], source: string): Promise<void> {
  await database.query(
    `insert into app.territories (level, code, name, epci, departement, region, population, geom, outline_source)
     select 'commune', t.code, t.name, t.epci, t.departement, t.region, t.population, ${fusedOutlines},
       case when jsonb_array_length(t.outlines) > 0 then $2::text end
     from jsonb_to_recordset($1::jsonb) as t (code text, name text, epci text, departement text, region text,
       population int, outlines jsonb)
     on conflict (level, code) do update set name = excluded.name, epci = excluded.epci,
       departement = excluded.departement, region = excluded.region, population = excluded.population,
       geom = coalesce(excluded.geom, territories.geom),
       outline_source = coalesce(excluded.outline_source, territories.outline_source)`,
    [JSON.stringify(rows), source],
  );
}

/** Points learn the commune they lie in; the devices that hold them learn it at their next sync. */
async function placePoints(database: Database): Promise<number> {
  let moved = 0;
  let after: string | null = '00000000-0000-0000-0000-000000000000';
  while (after !== null) {
    const page = await database.transaction(async (transaction) => {
      const [row] = await transaction.query<{ last: string | null; ids: string[] }>(placeQuery, [
        after,
        pointsPerTransaction,
      ]);
      // A statement of its own, so that each point is announced as it now is.
      await transaction.query(
        'select private.touch_point(id::uuid) from jsonb_array_elements_text($1::jsonb) as t (id)',
        [JSON.stringify(row?.ids ?? [])],
      );
      return row;
    });
    moved += page?.ids.length ?? 0;
    after = page?.last ?? null;
  }
  return moved;
}

const placeQuery = `
  with page as (
    select id from app.points where id > $1::uuid order by id limit $2::int
  ), placed as (
    update app.points as p set geom = p.geom, v = p.v + 1
    from page
    where p.id = page.id and (
      private.commune_at(p.geom) is distinct from p.commune
      or private.commune_at(p.public_geom) is distinct from p.public_commune)
    returning p.id
  )
  select (select id::text from page order by id desc limit 1) as last,
    (select coalesce(jsonb_agg(id), '[]') from placed) as ids`;
