/** Tables that a person gives and takes; fetched when one does. */
export { readTable, type ReadTable, saveTable } from '../device/table-file.ts';
