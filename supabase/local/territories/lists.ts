import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

const dataFolder = join(import.meta.dirname, '../../../node_modules/@etalab/decoupage-administratif/data');

/** A commune of the official list, or a former one that is now part of another. */
export interface Commune {
  code: string;
  nom: string;
  type: string;
  departement: string;
  region: string;
  population?: number;
  anciensCodes?: string[];
  chefLieu?: string;
}

export interface Epci {
  code: string;
  nom: string;
  populationMunicipale?: number;
  membres: { code: string }[];
}

export interface Departement {
  code: string;
  nom: string;
  region: string;
}

export interface Region {
  code: string;
  nom: string;
}

/** The official lists of the year (INSEE and DGCL, npm package @etalab/decoupage-administratif). */
export interface TerritoryLists {
  communes: Commune[];
  epci: Epci[];
  departements: Departement[];
  regions: Region[];
}

/** Reads the official lists. */
export async function readLists(): Promise<TerritoryLists> {
  const [communes, epci, departements, regions] = await Promise.all(
    ['communes', 'epci', 'departements', 'regions'].map(async (name): Promise<unknown> =>
      JSON.parse(await readFile(join(dataFolder, `${name}.json`), 'utf8')),
    ),
  );
  return { communes, epci, departements, regions } as TerritoryLists;
}
