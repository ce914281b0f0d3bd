declare module 'shpjs' {
  /** Geometries of a .shp file; with `false` coordinates stay in the units of the file. */
  export function parseShp(shp: DataView, projection: false): unknown[];
  /** Rows of a .dbf file; `encoding` is the content of the .cpg. */
  export function parseDbf(dbf: DataView, encoding: string | undefined): Record<string, unknown>[];
}
