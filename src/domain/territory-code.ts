/** Length of a SIREN, which is what an EPCI is known by. */
const SIREN = 9;

/** Whether a code is that of an EPCI: which communes it has, no code tells. */
export const isEpci = (code: string) => code.length === SIREN;

/** Whether a code of a commune or a département holds a commune; that of a département begins the codes of its communes. */
export const holdsCommune = (code: string, commune: string | null) => !!commune?.startsWith(code);
