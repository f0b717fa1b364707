import { EV_PER_HARTREE, type Structure } from '@crystalmath/contract'
import { symbolOf } from '@crystalmath/structures'
import { FUNCTIONALS } from '../crystal/presets.ts'

/** A recorded deck: the geometry's optimisation, the basis set, and the last block, each word with the numbers below it. */
export type Deck = {
  readonly motion: Words
  /** The name of a set, or for each element the lines of its text. */
  readonly basis: string | ReadonlyMap<string, readonly string[]>
  readonly last: Words
  readonly isMolecule: boolean
}
export type Words = ReadonlyMap<string, readonly (number | string)[]>

const GEOMETRY = /^(CRYSTAL|SLAB|POLYMER|MOLECULE|EXTERNAL)$/
/** A run script may write on behind the last word: `ENDDefaulting to ethernet`. */
const lineOf = (line: string): string => line.replace(/^(ENDSCF|END)(?!GEOM|OPT|DFT|BS|FREQ)\S.*$/, '$1').trim()

/** The deck that a run script printed before the banner, or that the file is; null where there is none. */
export function deckIn(text: string): Deck | null {
  const banner = text.search(/^ \*{20,}/m)
  const lines = (banner === -1 ? text : text.slice(0, banner)).split('\n').map(lineOf)
  const begin = lines.findIndex((line) => GEOMETRY.test(line))
  const basisAt = lines.findIndex((line, i) => i > begin && (/^99 +0$/.test(line) || line === 'BASISSET'))
  if (begin === -1 || basisAt === -1) return null
  const geometry = lines.slice(begin, basisAt)
  const motionAt = geometry.indexOf('OPTGEOM')
  const motionEnd = geometry.findIndex((line, i) => i > motionAt && line.startsWith('END'))
  const named = lines[basisAt] === 'BASISSET'
  const rest = lines.slice(basisAt + 2)
  const end = rest.findLastIndex((line) => /^(END|ENDSCF)$/.test(line))
  return {
    motion: wordsOf(motionAt === -1 ? [] : geometry.slice(motionAt, motionEnd)),
    basis: named ? (lines[basisAt + 1] ?? '') : basisIn(geometry),
    last: wordsOf(rest.slice(0, end)),
    isMolecule: lines[begin] === 'MOLECULE',
  }
}

export function wordsOf(lines: readonly string[]): Words {
  const words = new Map<string, (number | string)[]>()
  let word = ''
  const into = (name: string) => words.get(name) ?? words.set(name, []).get(name)
  for (const line of lines) {
    const parts = line.split(/\s+/)
    if (/^[A-Z]/i.test(line) && (word === 'EXCHANGE' || word === 'CORRELAT') && into(word)?.length === 0) into(word)?.push(line)
    else if (/^[A-Z]/i.test(line)) {
      word = parts[0] ?? ''
      into(word)?.push(...parts.slice(1).map(Number))
    } else if (line !== '') into(word)?.push(...parts.map(Number))
  }
  // CRYSTAL reads as many pairs as are announced, whatever else stands on the line
  const [sites] = words.get('ATOMSPIN') ?? []
  if (typeof sites === 'number') words.get('ATOMSPIN')?.splice(1 + 2 * sites)
  return words
}

/** Texts of sets behind the last END of the geometry: a conventional number and a count of shells begin each. */
function basisIn(geometry: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const sets = new Map<string, readonly string[]>()
  const lines = geometry.slice(geometry.findLastIndex((line) => line.startsWith('END')) + 1)
  let at = 0
  while (at < lines.length) {
    const begin = at
    const [conventional = 0, shells = 0] = numbersOf(lines[at])
    at += 1
    if (lines[at] === 'INPUT') at += 2 + sum(numbersOf(lines[at + 1]).slice(1))
    for (let shell = 0; shell < shells; shell += 1) {
      const [kind, , primitives = 0] = numbersOf(lines[at])
      at += 1 + (kind === 0 ? primitives : 0)
    }
    sets.set(symbolOf(conventional % 100) ?? '?', lines.slice(begin, at))
  }
  return sets
}
const numbersOf = (line = ''): number[] => line.trim().split(/\s+/).map(Number).filter(Number.isFinite)
const sum = (numbers: readonly number[]): number => numbers.reduce((total, n) => total + n, 0)

/** Words that we have no parameter for, or that say where the geometry is printed. */
const OTHERS = /^(PRINTOPT|END\w*|DFT|DFTD3|SPIN|UHF|GRADCAL|NODIRECT|GUESSP|ATOMONLY|OPTGEOM|MODES)$/

/** Our parameters and a stand-in structure for a recorded deck. */
export function asked(deck: Deck): { readonly parameters: Readonly<Record<string, unknown>>; readonly structure: Structure } {
  const { motion, last, basis } = deck
  const one = (word: string, of: Words = last) => of.get(word)?.[0]
  const all = (word: string) => last.get(word)?.filter((value) => typeof value === 'number')
  const spins = all('ATOMSPIN')?.slice(1) ?? []
  const elements = typeof basis === 'string' ? ['C'] : [...basis.keys()]
  const shrink = all('SHRINK') ?? []
  const [spinlock, lockCycles] = all('SPINLOCK') ?? []
  const smear = one('SMEAR')
  const accelerator = ['DIIS', 'ANDERSON', 'BROYDEN'].find((word) => last.has(word))
  const parameters: Record<string, unknown> = {
    calculation: motion.size === 0 ? 'scf' : motion.has('FULLOPTG') ? 'vc-relax' : 'relax',
    functional: functionalOf(last),
    dispersion: last.has('DFTD3') ? (one('VERSION') === 3 ? 'D3ZERO' : 'D3') : undefined,
    basis: typeof basis === 'string' ? basis : Object.fromEntries([...basis].map(([name, lines]) => [name, lines.join('\n')])),
    kMesh:
      deck.isMolecule || shrink.length === 0 ? undefined : shrink[0] === 0 ? shrink.slice(2) : [shrink[0], shrink[0], shrink[0]],
    gilatMesh: deck.isMolecule ? undefined : shrink[1],
    smearingEv: typeof smear === 'number' ? smear * EV_PER_HARTREE : undefined,
    integralTolerances: all('TOLINTEG'),
    energyToleranceDigits: one('TOLDEE'),
    scfMaxCycles: one('MAXCYCLE'),
    optimizationMaxCycles: one('MAXCYCLE', motion),
    gradientTolerance: one('TOLDEG', motion),
    displacementTolerance: one('TOLDEX', motion),
    finalRun: one('FINALRUN', motion),
    mixingPercent: one('FMIXING'),
    accelerator,
    broyden: all('BROYDEN'),
    grid: ['LGRID', 'XLGRID', 'XXLGRID'].find((word) => last.has(word)),
    densityToleranceDigits: one('TOLLDENS'),
    gridToleranceDigits: one('TOLLGRID'),
    spin: last.has('SPIN') || last.has('UHF') ? true : undefined,
    unpairedElectrons: spinlock,
    lockCycles,
    keywords: keywordsOf(last),
  }
  return {
    parameters: Object.fromEntries(Object.entries(parameters).filter(([, value]) => value !== undefined)),
    structure: standIn(elements, spins, deck.isMolecule),
  }
}

function functionalOf(last: Words): string {
  if (!last.has('DFT')) return 'HF'
  const pair = [last.get('EXCHANGE')?.[0], last.get('CORRELAT')?.[0]]
  const named = Object.entries(FUNCTIONALS).find(([, words]) =>
    words.length === 4 ? words[1] === pair[0] && words[3] === pair[1] : words.length === 1 && last.has(words[0] ?? '?'),
  )
  return named?.[0] ?? pair.join('/')
}

/** Words with their numbers that go to `keywords` as they are. */
const FURTHER = ['PPAN', 'NOSHIFT', 'EXCHSIZE', 'BIPOSIZE', 'SETPRINT', 'SCFDIR', 'NODIRECT', 'TOLPSEUD']
const keywordsOf = (last: Words): readonly string[] =>
  FURTHER.flatMap((word) => {
    const values = last.get(word)
    if (values === undefined) return []
    const [first, ...more] = values
    return first === undefined ? [word] : [word, String(first), ...(more.length === 0 ? [] : [more.join(' ')])]
  })

/** Atoms of the elements, as many as moments are given for and two of each at least, so that their electrons may be paired; far from each other. */
function standIn(elements: readonly string[], spins: readonly number[], isMolecule: boolean): Structure {
  const labels = spins.filter((_, i) => i % 2 === 0)
  const count = Math.max(2 * elements.length, ...labels)
  const side = 4 * Math.ceil(Math.cbrt(count))
  const moments = Array.from({ length: count }, (_, i) => {
    const at = labels.indexOf(i + 1)
    return at === -1 ? 0 : (spins[2 * at + 1] ?? 0)
  })
  return {
    latticeAngstrom: isMolecule
      ? null
      : [
          [side, 0, 0],
          [0, side, 0],
          [0, 0, side],
        ],
    species: Array.from({ length: count }, (_, i) => elements[i % elements.length] ?? 'C'),
    positionsAngstrom: Array.from({ length: count }, (_, i) => {
      const n = Math.ceil(Math.cbrt(count))
      return [4 * (i % n), 4 * (Math.floor(i / n) % n), 4 * Math.floor(i / (n * n))] as [number, number, number]
    }),
    ...(labels.length === 0 ? {} : { initialMomentsBohr: moments }),
  }
}

/** What the recorded deck says, and ours does not. */
export function differences(recorded: Deck, rendered: Deck): readonly string[] {
  const named = ({ basis }: Deck): Words =>
    typeof basis === 'string'
      ? new Map([[basis.toLowerCase(), []]])
      : new Map([...basis].map(([element, lines]) => [element, lines.flatMap(numbersOf)]))
  return [
    ...lacking('', recorded.last, rendered.last),
    ...lacking('OPTGEOM ', recorded.motion, rendered.motion),
    ...lacking('basis ', named(recorded), named(rendered)),
  ]
}

const lacking = (where: string, theirs: Words, ours: Words): readonly string[] =>
  [...theirs].flatMap(([word, values]) => {
    if (OTHERS.test(word))
      return ours.has(word) || /^(PRINTOPT|END\w*|GUESSP|MODES)$/.test(word) ? [] : [`${where}${word} is lost`]
    const others = ours.get(word)
    const isSame =
      others !== undefined &&
      others.length === values.length &&
      values.every(
        (value, i) => value === others[i] || Math.abs(Number(value) - Number(others[i])) <= 1e-7 * Math.abs(Number(value)),
      )
    return isSame ? [] : [`${where}${word}: ${values.join(' ')} became ${others?.join(' ') ?? 'nothing'}`]
  })
