import { detached, hits } from '../../reading/hits.ts'
import { toNumber, toNumbers } from '../../reading/numbers.ts'
import { elementOf, elementOfTitle } from './elements.ts'
import type { Potential } from './run.ts'

/** What stands before the first iteration. */
export type OutcarHeader = {
  readonly settings: Map<string, string>
  readonly given: Map<string, string>
  readonly potentials: Potential[]
  readonly species: string[] | null
  readonly mpiRankCount: number | null
  readonly threadsPerRank: number | null
  readonly kMesh: [number, number, number] | null
  readonly kPath: boolean
}

export type HeaderReader = {
  line(text: string): void
  /** Lines of numbers may belong to it too. */
  readonly listening: boolean
  result(): OutcarHeader
}

/** A tag may share its line with others: `NELM = 60; NELMIN= 2`. A list runs to the end of the line. */
const HITS = hits([
  /running on +(?<cores>\d+) (?:total cores|nodes)/,
  /running +(?<ranks>\d+) mpi-ranks,(?: with +(?<threads>\d+) threads)?/,
  /(?<serial>serial version)/,
  /(?<image>each image running on)/,
  /VRHFIN *=(?<element>[^:\n]*)/,
  /TITEL *= *(?<title>[^\n]*)/,
  /(?<=^ )POTCAR: +(?<announced>\S[^\n]*)/,
  /ions per type = *(?<counts>[^\n]*)/,
  /ZVAL *= *(?<valences>[^\n]*?) *(?:mass|$)/,
  /generate k-points for: *(?<mesh>[\d ]+)/,
  /(?<list>Explicit k-points in|k-points in units of 2pi\/SCALE and weight: )/,
  /interpolating k-points between(?<line> )/,
  /(?<=^ *)(?<listTag>LDAU[LUJ]) *= *(?<listValue>[-+.\d \t]+)/,
  /(?<lists>angular momentum for each species|[UJ] \(eV\) +for each species)(?<gap> *)(?<speciesTag>LDAU[LUJ]) *= *(?<speciesValue>[-+.\d \t]+)/,
  /(?<![A-Z_])(?<tag>NKPTS|NBANDS|NIONS|ISPIN|LNONCOLLINEAR|LSORBIT|ENCUT|NELM|EDIFFG?|NSW|IBRION|ISIF|ISYM|NELECT|NUPDOWN|ISMEAR|SIGMA|GGA|METAGGA|LHFCALC|AEXX|HFSCREEN|LUSE_VDW|IVDW|LVDW|MDALGO|IALGO|ALGO|LREAL|KSPACING|POTIM|IMAGES|LDAU|LEPSILON|LOPTICS|ICHARG|LDAUTYPE|ML_LMLFF|PREC|PSTRESS|SMASS|LDIPOL) *= *(?<value>[^\s;]+)/,
])

/** Tags that the table of settings prints with one or two digits. */
const COARSE = new Set(['EDIFF', 'EDIFFG', 'SIGMA', 'LDAUU', 'LDAUJ'])
/** One tag of what the program repeats of its INCAR (VASP 6). */
const GIVEN = /^ +(?<tag>[A-Z_]\w*) *= *(?<value>.*?)\s*$/

export function readHeader(): HeaderReader {
  const settings = new Map<string, string>()
  const given = new Map<string, string>()
  const titles: string[] = []
  const announced: string[] = []
  const elements: string[] = []
  let counts: number[] | null = null
  let valences: number[] = []
  let ranks: number | null = null
  let threads: number | null = null
  let mesh: [number, number, number] | null = null
  let path = false

  let repeating = false

  /** The tags between ` INCAR:` and the first line that is none. */
  const takeGiven = (line: string): void => {
    if (/^ INCAR:/.test(line)) repeating = true
    else if (repeating) {
      const { tag, value } = GIVEN.exec(line)?.groups ?? {}
      repeating = tag !== undefined && value !== undefined && tag !== 'VRHFIN'
      if (repeating && tag !== undefined && value !== undefined) given.set(detached(tag), detached(value))
    }
  }

  return {
    get listening() {
      return repeating
    },
    line(text) {
      if (text.startsWith('|')) return // framed advice names tags too
      takeGiven(text)
      for (const { groups = {} } of text.matchAll(HITS)) {
        if (groups['tag'] === 'METAGGA' && /^[TF]$/.test(groups['value'] ?? '')) continue // "non-selfconsistent MetaGGA calc."
        if (groups['tag'] !== undefined) settings.set(detached(groups['tag']), detached(groups['value'] ?? ''))
        else if (groups['listTag'] !== undefined) settings.set(groups['listTag'], detached((groups['listValue'] ?? '').trim()))
        else if (groups['speciesTag'] !== undefined)
          settings.set(groups['speciesTag'], detached((groups['speciesValue'] ?? '').trim()))
        else if (groups['title'] !== undefined) titles.push(detached(groups['title'].trim()))
        else if (groups['announced'] !== undefined) announced.push(detached(groups['announced'].trim()))
        else if (groups['element'] !== undefined) elements.push(detached(groups['element'].trim()))
        else if (groups['counts'] !== undefined) counts = toNumbers(groups['counts'])
        else if (groups['valences'] !== undefined) {
          const values = toNumbers(groups['valences'])
          if (values !== null) valences = values
        } else if (groups['cores'] !== undefined) ranks = Number(groups['cores'])
        else if (groups['ranks'] !== undefined) [ranks, threads] = [Number(groups['ranks']), toNumber(groups['threads'])]
        else if (groups['serial'] !== undefined) ranks = 1
        else if (groups['image'] !== undefined) settings.set('IMAGES', '1')
        else if (groups['line'] !== undefined) path = true
        else if (groups['mesh'] !== undefined) {
          const [a, b, c] = toNumbers(groups['mesh']) ?? []
          if (a !== undefined && b !== undefined && c !== undefined) mesh = [a, b, c]
        }
      }
    },
    result() {
      if (titles.length === 0) titles.push(...onceOf(announced))
      const symbols = titles.map((title, i) => elementOfTitle(title) ?? elementOf(elements[i] ?? '') ?? '')
      const known = counts !== null && symbols.length === counts.length && symbols.every((symbol) => symbol !== '')
      const potentials = titles.map((title, i) => ({
        title,
        element: symbols[i] ?? '',
        hash: null,
        valence: valences.length === titles.length ? (valences[i] ?? null) : null,
        atomCount: counts?.[i] ?? null,
      }))
      for (const [tag, value] of given) if (!settings.has(tag) || COARSE.has(tag)) settings.set(tag, value)
      const species =
        known && counts !== null
          ? counts.flatMap((count, i) => Array.from({ length: sane(count) }, () => symbols[i] ?? ''))
          : null
      return { settings, given, potentials, species, mpiRankCount: ranks, threadsPerRank: threads, kMesh: mesh, kPath: path }
    },
  }
}

/** Each potential is announced twice; where the text of the potentials was taken out of an OUTCAR, that is what is left of them. */
function onceOf(announced: readonly string[]): string[] {
  const half = announced.length / 2
  const twice = announced.slice(0, half).every((title, i) => title === announced[half + i])
  return twice && Number.isInteger(half) ? announced.slice(0, half) : []
}

const sane = (count: number): number => (Number.isInteger(count) && count >= 0 && count < 2_000_000 ? count : 0)
