import { ANGSTROM_PER_BOHR, type Diagnosis, type Method, type Quasiparticle } from '@crystalmath/contract'
import { detached } from '../../reading/hits.ts'
import { toNumber } from '../../reading/numbers.ts'
import { type Hit, lastLineSeen, notesOf, type Rule, type Section, scanner } from '../../reading/sections.ts'
import { errorRules } from './errors.ts'
import { secondsOf } from './times.ts'

/** Levels and gaps of one set of energies: `X` those of the input, `HF`, `K` (as the BSE uses them, with corrections). */
export type Levels = {
  fermi: number | null
  valence: number | null
  conduction: number | null
  direct: number | null
  indirect: number | null
  /** Highest filled band. */
  filled: number | null
  metallic: boolean
}

export type ReportRun = {
  version: string | null
  done: boolean
  failed: boolean
  ranks: number | null
  threads: number | null
  wallSeconds: number | null
  volume: number | null
  elements: Map<string, number>
  method: Method
  /** In the order printed; the first are those of the input. */
  levels: Map<string, Levels>
  quasiparticles: Quasiparticle[]
  warnings: Set<string>
}

export type ReportReading = ReportRun & { readonly diagnoses: readonly Diagnosis[] }

type Context = {
  readonly notes: ReturnType<typeof notesOf>
  readonly run: ReportRun
  levels: Levels
  kPoint: number
  ended: boolean
}

const noLevels = (): Levels => ({
  fermi: null,
  valence: null,
  conduction: null,
  direct: null,
  indirect: null,
  filled: null,
  metallic: false,
})

/** Reads the report `r-*` or `r_setup` of YAMBO 3 to 5. */
export function report(file: string) {
  const notes = notesOf(file)
  const run: ReportRun = {
    version: null,
    done: false,
    failed: false,
    ranks: null,
    threads: null,
    wallSeconds: null,
    volume: null,
    elements: new Map(),
    method: {},
    levels: new Map(),
    quasiparticles: [],
    warnings: new Set(),
  }
  const context: Context = { notes, run, levels: noLevels(), kPoint: 0, ended: false }
  const scan = scanner([...header(context), ...energies(context), ...ending(context), ...errorRules(notes, run)])
  const last = lastLineSeen()
  return {
    feed(block: string, firstLine: number) {
      scan.feed(block, firstLine)
      last.see(block, firstLine)
    },
    end(): ReportReading {
      if (!run.done && !run.failed) notes.diagnose('OUTPUT_INCOMPLETE', 'the report ends before YAMBO did', last.at())
      return { ...run, diagnoses: notes.diagnoses }
    },
  }
}

const say = ({ run }: Context, said: Method): undefined => {
  run.method = { ...run.method, ...said }
}

const header = (context: Context): readonly Rule[] => [
  {
    pattern: /Version +(?<version>\d+\.\d+\.\d+[\w.]*) +Revision +(?<revision>\d+)/,
    read: ({ groups }) => version(context, groups),
  },
  { pattern: /(?<=^ *\* )(?:MPI CPU|CPU) +: +(?<ranks>\d+)/, read: ({ groups }) => ranks(context, groups['ranks']) },
  {
    pattern: /CPU-Threads +:(?<ranks>\d+)\(CPU\)-(?<threads>\d+)\(threads\)/,
    read: ({ groups }) => ranks(context, groups['ranks'], groups['threads']),
  },
  { pattern: /(?<=^ *)(?:Cores|MPI Cores) +: +(?<ranks>\d+) *$/, read: ({ groups }) => ranks(context, groups['ranks']) },
  {
    pattern: /(?:Threads per core +|THREADS +\(max\)): +(?<threads>\d+)/,
    read: ({ groups }) => ranks(context, undefined, groups['threads']),
  },
  { pattern: /(?<=^ +)Bands +: +(?<count>\d+) *$/, read: ({ groups }) => first(context, 'bandCount', groups['count']) },
  { pattern: /(?<=^ +)K-points +: +(?<count>\d+) *$/, read: ({ groups }) => first(context, 'kPointCount', groups['count']) },
  { pattern: /(?<=^ +)Electrons +: +(?<count>[^ \n]+)/, read: ({ groups }) => first(context, 'electronCount', groups['count']) },
  {
    pattern: /Spin polarizations +: +(?<count>\d)/,
    read: ({ groups }) => say(context, { spinPolarized: groups['count'] === '2' }),
  },
  {
    pattern: /Spinor components +: +(?<count>\d)/,
    read: ({ groups }) => say(context, { noncollinear: groups['count'] === '2' }),
  },
  { pattern: /\.\.\. containing +(?<atoms>[\dA-Za-z]+) +atoms/, read: ({ groups }) => atoms(context, groups['atoms'] ?? '') },
  {
    pattern: /number of (?<element>[A-Z][a-z]?) +atoms +: +(?<count>\d+)/,
    read: ({ groups }) => void context.run.elements.set(detached(groups['element'] ?? ''), Number(groups['count'])),
  },
  {
    pattern: /(?:DL volume +\[au\]|Direct lattice volume +): *(?<volume>[^ \n]+)/,
    read: ({ groups }) => volume(context, groups['volume']),
  },
  {
    pattern: /Grid dimensions +: +(?<a>\d+) +(?<b>\d+) +(?<c>\d+)/,
    read: ({ groups }) => say(context, { kMesh: [Number(groups['a']), Number(groups['b']), Number(groups['c'])] }),
  },
  {
    pattern: /\[xc\] Functional *:? *(?<name>[^\n]+)/,
    read: ({ groups }) => say(context, { functional: detached(groups['name']?.trim() ?? '') }),
  },
]

function version({ run }: Context, groups: Hit['groups']): undefined {
  run.version ??= detached(groups['version'] ?? '')
}

function ranks({ run }: Context, count: string | undefined, threads?: string): undefined {
  if (count !== undefined) run.ranks ??= Number(count)
  if (threads !== undefined) run.threads ??= Number(threads)
}

/** The data base of the ground state comes first; later ones (of a screening, a kernel) repeat the words. */
function first(context: Context, name: 'bandCount' | 'kPointCount' | 'electronCount', text: string | undefined): undefined {
  const value = toNumber(text)
  if (value !== null && context.run.method[name] === undefined) say(context, { [name]: value })
}

/** `2B2N` → B 2, N 2. */
function atoms({ run }: Context, text: string): undefined {
  for (const [, count, element] of text.matchAll(/(\d+)([A-Z][a-z]?)/g)) run.elements.set(detached(element ?? ''), Number(count))
}

function volume({ run }: Context, text: string | undefined): undefined {
  const value = toNumber(text)
  if (value !== null) run.volume = value * ANGSTROM_PER_BOHR ** 3
}

const energies = (context: Context): readonly Rule[] => [
  {
    pattern: /(?<=^ *(?:\[(?<set>\w+)\])? *)Fermi Level +(?:\[ev\])?: *(?<value>[^ \n]+)/,
    read: (hit) => level(context, hit, 'fermi', true),
  },
  {
    pattern: /(?<=^ *(?:\[(?<set>\w+)\])? *)VBM \/ CBm +\[ev\]: *(?<value>[^ \n]+) +(?<second>[^ \n]+)/,
    read: (hit) => edges(context, hit),
  },
  {
    pattern: /(?<=^ *(?:\[(?<set>\w+)\])? *)Conduction Band Min +: *(?<value>[^ \n]+)/,
    read: (hit) => level(context, hit, 'conduction'),
  },
  {
    pattern: /(?<=^ *(?:\[(?<set>\w+)\])? *)Valence Band Max +: *(?<value>[^ \n]+)/,
    read: (hit) => level(context, hit, 'valence'),
  },
  {
    pattern: /(?<=^ *(?:\[(?<set>\w+)\])? *)Indirect Gaps? +(?:\[ev\])?: *(?<value>[^ \n]+)/,
    read: (hit) => level(context, hit, 'indirect'),
  },
  {
    pattern: /(?<=^ *(?:\[(?<set>\w+)\])? *)Direct Gaps? +(?:\[ev\])?: *(?<value>[^ \n]+)/,
    read: (hit) => level(context, hit, 'direct'),
  },
  {
    pattern: /(?<=^ *(?:\[(?<set>\w+)\])? *)States summary +: +Full +Metallic +Empty/,
    read: (hit) => summary(levelsOf(context, hit)),
  },
  { pattern: /(?<=^ *(?:\[(?<set>\w+)\])? *)Filled Bands +: *(?<value>\d+)/, read: (hit) => level(context, hit, 'filled') },
  { pattern: /(?<=^ *(?:\[(?<set>\w+)\])? *)Metallic Bands +: *(?<value>\d+)/, read: (hit) => metallic(levelsOf(context, hit)) },
  { pattern: /QP \[eV\] @ K \[ *(?<k>\d+)\]/, read: ({ groups }) => quasiparticles(context, Number(groups['k'])) },
]

/** The set of energies a line belongs to: `[X]Fermi Level`, or without a mark the input's, then Hartree-Fock's. */
function levelsOf(context: Context, { text, groups }: Hit, begins = false): Levels {
  const mark = groups['set'] ?? /^ *\[(\w+)\]/.exec(text)?.[1]
  const { levels } = context.run
  if (mark === undefined) {
    if (levels.size === 0 || (begins && levels.has('X'))) {
      context.levels = noLevels()
      levels.set(levels.size === 0 ? 'X' : 'HF', context.levels)
    } else if (!begins && context.levels.indirect !== null && levels.has('X') && /States summary/.test(text)) {
      context.levels = noLevels()
      levels.set('HF', context.levels)
    }
    return context.levels
  }
  const known = levels.get(mark)
  if (known !== undefined && !begins) return known
  const fresh = noLevels()
  if (levels.size < 20) levels.set(detached(mark), fresh)
  return fresh
}

function level(
  context: Context,
  hit: Hit,
  name: 'fermi' | 'valence' | 'conduction' | 'direct' | 'indirect' | 'filled',
  begins = false,
): undefined {
  const value = toNumber(hit.groups['value'])
  if (value === null) context.notes.diagnose('OUTPUT_UNREADABLE', `not a number: "${hit.text.trim()}"`, hit)
  levelsOf(context, hit, begins)[name] = value
}

function edges(context: Context, hit: Hit): undefined {
  const levels = levelsOf(context, hit)
  levels.valence = toNumber(hit.groups['value'])
  levels.conduction = toNumber(hit.groups['second'])
}

function metallic(levels: Levels): undefined {
  levels.metallic = true
}

/** The line below the heading: `0001-0008               0009-0100`; three ranges where there are metallic bands. */
function summary(levels: Levels): Section {
  return (text) => {
    const ranges = [...text.matchAll(/(\d+)-(\d+)/g)]
    if (ranges.length === 3) levels.metallic = true
    const filled = ranges[0]?.[2]
    if (filled !== undefined && ranges.length > 1) levels.filled = Number(filled)
    return false
  }
}

const QP = /B= *(\d+) +Eo= *(\S+) +E= *(\S+) +E-Eo= *(\S+)(?: +Re\(Z\)= *(\S+))?/

function quasiparticles({ run }: Context, kPoint: number): Section {
  return (text) => {
    const row = QP.exec(text)
    if (row === null) return false
    const [, band, bare, energy, correction, z] = row
    if (run.quasiparticles.length < 1_000_000)
      run.quasiparticles.push({
        kPointIndex: kPoint,
        band: Number(band),
        bareEv: toNumber(bare),
        quasiparticleEv: toNumber(energy),
        correctionEv: toNumber(correction),
        renormalization: toNumber(z),
      })
    return true
  }
}

const ending = (context: Context): readonly Rule[] => [
  { pattern: /\] Game Over & Game summary/, read: () => over(context) },
  { pattern: /\d\d\/\d\d\/\d{4} at \d\d:\d\d +(?:[^\n[]* )?\[end\]/, torn: true, read: () => ended(context) },
  {
    pattern: /(?:Time-Profile\]|Timing +\[Min\/Max\/Average\]) *: *(?<times>[^\n]+)/,
    read: ({ groups }) => times(context, groups['times'] ?? ''),
  },
]

function over(context: Context): undefined {
  context.ended = true
}

function ended({ run, ended: summary }: Context): undefined {
  if (summary) run.done = true
}

/** Only the timing of the summary is that of the whole run; the largest of `min/max/average`. */
function times({ run, ended: summary }: Context, text: string): undefined {
  if (!summary) return
  const seconds = text.split('/').map(secondsOf)
  const known = seconds.filter((value) => value !== null)
  if (known.length > 0 && known.length === seconds.length) run.wallSeconds = Math.max(...known, run.wallSeconds ?? 0)
}
