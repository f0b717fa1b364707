import { ELEMENTS } from '@crystalmath/structures/elements'

/** What the text of a basis set says of the element that it is for. */
export type BasisHead = {
  /** The conventional atomic number: Z, or Z + 200 with a core potential; hundreds tell sets of one element apart. */
  readonly conventional: number
  readonly element: string | null
  readonly shellCount: number
  /** Functions of all shells: 1 of s, 4 of sp, 3 of p, 5 of d, 7 of f, 9 of g. */
  readonly orbitals: number
  /** Electrons that the shells hold before the SCF. */
  readonly electrons: number
  /** Charge of the core that they see: Z, or what is left of it; null where a named core potential does not say it. */
  readonly coreCharge: number | null
}

type Shell = { readonly charge: number; readonly primitives: number; readonly orbitals: number }

/** By LAT. */
const ORBITALS = [1, 4, 3, 5, 7, 9] as const

/** Reads a basis set as CRYSTAL does, up to 99 0; a text says what is wrong with it. */
export function readBasis(text: string): BasisHead | string {
  const lines = text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '')
  const [conventional, shellCount] = numbersIn(lines[0])
  if (conventional === undefined || shellCount === undefined || conventional < 1 || !Number.isSafeInteger(shellCount))
    return 'its first line must be the conventional atomic number and the number of shells'
  const potential = corePotential(lines, conventional)
  if (typeof potential === 'string') return potential
  let at = 1 + potential.lineCount
  let electrons = 0
  let orbitals = 0
  for (let shell = 1; shell <= shellCount; shell += 1) {
    const head = shellIn(lines[at])
    if (head === null)
      return `shell ${shell} of ${shellCount} must begin with five numbers, found "${(lines[at] ?? '').slice(0, 40)}"`
    electrons += head.charge
    orbitals += head.orbitals
    const rows = lines.slice(at + 1, at + 1 + head.primitives)
    if (rows.length < head.primitives || rows.some((row) => numbersIn(row).length < 2))
      return `shell ${shell} of ${shellCount} must have ${head.primitives} primitives`
    at += 1 + head.primitives
  }
  if (at < lines.length) return `after ${shellCount} shells there is "${(lines[at] ?? '').slice(0, 40)}"`
  return {
    conventional,
    element: ELEMENTS[(conventional % 100) - 1] ?? null,
    shellCount,
    orbitals,
    electrons,
    coreCharge: potential.charge,
  }
}

const numbersIn = (line: string | undefined): readonly number[] => {
  const values = (line ?? '').split(/\s+/).map((word) => Number(word.replace(/[dD]/, 'e')))
  return line === undefined || line === '' || values.some((value) => !Number.isFinite(value)) ? [] : values
}

/** `ITYB LAT NG CHE SCAL`: functions of the library (ITYB 1, 2) need no rows. */
function shellIn(line: string | undefined): Shell | null {
  const [type, kind, count, charge, scale] = numbersIn(line)
  if (type === undefined || count === undefined || charge === undefined || scale === undefined) return null
  return { charge, primitives: type === 0 ? count : 0, orbitals: ORBITALS[kind ?? 0] ?? 1 }
}

/** Beyond 200 the core potential stands before the shells: INPUT and its terms, or the name of a library. */
function corePotential(lines: readonly string[], conventional: number) {
  const atomicNumber = conventional % 100
  if (conventional <= 200) return { lineCount: 0, charge: atomicNumber }
  const name = lines[1] ?? ''
  if (name !== 'INPUT')
    return /^(HAYWLC|HAYWSC|BARTHE|DURAND|STUTLC|STUTSC)$/.test(name)
      ? { lineCount: 1, charge: null }
      : `after a conventional number above 200 there must be INPUT or the name of a core potential, found "${name.slice(0, 20)}"`
  const [charge, ...terms] = numbersIn(lines[2])
  if (charge === undefined || terms.length < 5)
    return 'the core potential must begin with its charge and the numbers of its terms'
  return { lineCount: 2 + terms.reduce((sum, count) => sum + count, 0), charge }
}
