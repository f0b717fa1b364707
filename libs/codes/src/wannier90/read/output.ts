import { ANGSTROM_PER_BOHR, type Diagnosis, type Matrix3, type Method, type Vector3 } from '@crystalmath/contract'
import { detached } from '../../reading/hits.ts'
import { toNumber, toNumbers } from '../../reading/numbers.ts'
import { type Hit, lastLineSeen, notesOf, type Rule, type Scanner, type Section, scanner } from '../../reading/sections.ts'
import { exitingRule } from './errors.ts'

export type Centre = { readonly centre: Vector3; readonly spread: number }

/** What a `.wout` (or `.wpout` of postw90) said; lengths in Å. */
export type WoutRun = {
  version: string | null
  done: boolean
  failed: boolean
  ranks: number | null
  wallSeconds: number | null
  /** Å per unit of length of this file (`length_unit = bohr`). */
  unit: number
  lattice: Matrix3 | null
  volume: number | null
  species: string[]
  positions: Vector3[]
  /** The table of sites was closed. */
  sitesWhole: boolean
  wannierCount: number | null
  method: Method
  disentangling: boolean
  disentangled: boolean | null
  converged: boolean | null
  checksConvergence: boolean
  final: boolean
  centres: Centre[] | null
  spreads: { invariant: number | null; diagonal: number | null; offDiagonal: number | null; total: number | null }
  postprocessing: boolean
  warnings: string[]
}

export type WoutReading = WoutRun & { readonly diagnoses: readonly Diagnosis[] }

const newRun = (): WoutRun => ({
  version: null,
  done: false,
  failed: false,
  ranks: null,
  wallSeconds: null,
  unit: 1,
  lattice: null,
  volume: null,
  species: [],
  positions: [],
  sitesWhole: false,
  wannierCount: null,
  method: {},
  disentangling: false,
  disentangled: null,
  converged: null,
  checksConvergence: false,
  final: false,
  centres: null,
  spreads: { invariant: null, diagonal: null, offDiagonal: null, total: null },
  postprocessing: false,
  warnings: [],
})

type Context = { readonly notes: ReturnType<typeof notesOf>; run: WoutRun; runs: number; wannierising: boolean }

/** Reads the main output of Wannier90 1 to 3 and of postw90. */
export function output(file: string) {
  const context: Context = { notes: notesOf(file), run: newRun(), runs: 0, wannierising: false }
  const scan: Scanner = scanner(rules(context))
  const last = lastLineSeen()
  return {
    feed(block: string, firstLine: number) {
      scan.feed(block, firstLine)
      last.see(block, firstLine)
    },
    end(): WoutReading {
      const { run, notes } = context
      if (!run.done && !run.failed) notes.diagnose('OUTPUT_INCOMPLETE', 'the output ends before Wannier90 did', last.at())
      return { ...run, diagnoses: notes.diagnoses }
    },
  }
}

const rules = (context: Context): readonly Rule[] => [...setup(context), ...minimisation(context), ...ending(context)]

const setup = (context: Context): readonly Rule[] => [
  { pattern: /Execution started on +(?<when>[^|\n]*)/, read: (hit) => begin(context, hit) },
  { pattern: /Release: +(?<version>v?\d[\w.]*)/, read: ({ groups }) => void version(context, groups['version'] ?? '') },
  { pattern: /Running in parallel on +(?<ranks>\d+) +CPUs/, read: ({ groups }) => ranks(context, Number(groups['ranks'])) },
  { pattern: /Running in serial \(/, read: () => ranks(context, 1) },
  {
    pattern: /Number of (?:MPI|processes)[^:\n]*: +(?<ranks>\d+)/,
    read: ({ groups }) => ranks(context, Number(groups['ranks'])),
  },
  { pattern: /Lattice Vectors \((?<unit>Ang|Bohr)\)/, read: ({ groups }) => lattice(context, groups['unit'] === 'Bohr') },
  { pattern: /Unit Cell Volume: +(?<volume>[^ \n]+) +\((?<unit>Ang|Bohr)\^3\)/, read: (hit) => volume(context, hit) },
  { pattern: /Site +Fractional Coordinate +Cartesian Coordinate \((?<unit>Ang|Bohr)\)/, read: () => sites(context) },
  {
    pattern: /Grid size = +(?<a>\d+) x +(?<b>\d+) x +(?<c>\d+) +Total points = +(?<count>\d+)/,
    read: ({ groups }) => mesh(context, groups),
  },
  { pattern: /Number of Wannier Functions +: +(?<count>\d+)/, read: ({ groups }) => count(context, Number(groups['count'])) },
  { pattern: /Number of input Bloch states +: +(?<count>\d+)/, read: ({ groups }) => bands(context, Number(groups['count'])) },
  {
    pattern: /Using band disentanglement +: +(?<flag>[TF])/,
    read: ({ groups }) => disentangling(context, groups['flag'] === 'T'),
  },
]

function version({ run }: Context, text: string): void {
  run.version ??= text
}

/** A second start in the same file: the earlier run is forgotten. The banner with the release precedes this line. */
function begin(context: Context, { line }: Hit): undefined {
  context.runs += 1
  if (context.runs === 1) return
  context.run = { ...newRun(), version: context.run.version }
  context.run.warnings.push(`line ${line}: another run begins here; the last run of the file decides`)
  context.notes.clear()
}

function ranks({ run }: Context, number: number): undefined {
  run.ranks = number
}

function lattice({ run }: Context, bohr: boolean): Section {
  run.unit = bohr ? ANGSTROM_PER_BOHR : 1
  const rows: Vector3[] = []
  return (text) => {
    const row = /^ +a_[123] +(.+)$/.exec(text)?.[1]
    const numbers = row === undefined ? null : toNumbers(row)
    if (numbers?.length !== 3) return false
    rows.push(numbers.map((x) => x * run.unit) as Vector3)
    if (rows.length === 3) run.lattice = rows as Matrix3
    return rows.length < 3
  }
}

function volume({ run }: Context, { groups }: Hit): undefined {
  const value = toNumber(groups['volume'])
  const unit = groups['unit'] === 'Bohr' ? ANGSTROM_PER_BOHR : 1
  run.volume = value === null ? null : value * unit ** 3
}

const SITE = /^ *\| *([A-Z][a-z]?)\S* +\d+ +\S+ +\S+ +\S+ +\| +(\S+) +(\S+) +(\S+) +\|/

function sites({ run }: Context): Section {
  run.species = []
  run.positions = []
  return (text) => {
    const row = SITE.exec(text)
    if (row === null) {
      run.sitesWhole = /^ *\*-+\* *$/.test(text)
      return /^ *\+-+\+ *$/.test(text)
    }
    const position = row.slice(2, 5).map((word) => (toNumber(word) ?? Number.NaN) * run.unit)
    run.species.push(detached(row[1] ?? ''))
    run.positions.push(position as Vector3)
    return run.species.length < 1_000_000
  }
}

function mesh({ run }: Context, groups: Hit['groups']): undefined {
  run.method = {
    ...run.method,
    kMesh: [Number(groups['a']), Number(groups['b']), Number(groups['c'])],
    kPointCount: Number(groups['count']),
  }
}

function count({ run }: Context, number: number): undefined {
  run.wannierCount = number
}

function bands({ run }: Context, number: number): undefined {
  run.method = { ...run.method, bandCount: number }
}

function disentangling({ run }: Context, yes: boolean): undefined {
  run.disentangling = yes
}

const minimisation = (context: Context): readonly Rule[] => [
  { pattern: /<<< Disentanglement convergence criteria satisfied >>>/, read: () => disentangled(context, true) },
  {
    pattern: /<<< (?<not>Disentanglement convergence criteria not satisfied|Warning: Maximum number of disentanglement) /,
    read: () => disentangled(context, false),
  },
  { pattern: /<<< Wannierisation convergence criteria satisfied >>>/, read: () => wannierised(context, true) },
  { pattern: /<<< Warning: Maximum number of (?:wannierisation )?iterations reached/, read: () => wannierised(context, false) },
  { pattern: /\*-+ (?<box>WANNIERISE|DISENTANGLE) -+\*/, read: ({ groups }) => box(context, groups['box'] ?? '') },
  { pattern: /Convergence window +: +(?<window>-?\d+)/, read: ({ groups }) => window(context, Number(groups['window'])) },
  { pattern: /(?<=^ *)Final State *$/, read: () => finalState(context) },
  {
    pattern: /(?:Omega|OMEGA) (?<name>I|D|OD|Total|IOD|Rest) +(?:\([^)\n]*\) +)?= +(?<value>[^ \n]+)/,
    read: (hit) => omega(context, hit),
  },
]

function disentangled({ run }: Context, yes: boolean): undefined {
  run.disentangled = yes
  if (!yes && !run.warnings.includes(NOT_DISENTANGLED)) run.warnings.push(NOT_DISENTANGLED)
}
const NOT_DISENTANGLED = 'the disentanglement did not converge within dis_num_iter iterations'

/** The parameters of the two minimisations are listed in boxes of their names. */
function box(context: Context, name: string): undefined {
  context.wannierising = name === 'WANNIERISE'
}

/** A window of one step, the default, means that convergence is not looked at. */
function window({ run, wannierising }: Context, steps: number): undefined {
  if (wannierising) run.checksConvergence = steps > 1
}

function wannierised({ run }: Context, yes: boolean): undefined {
  run.converged = yes
  if (!yes) run.warnings.push('the spread was not converged within num_iter iterations')
}

const CENTRE = /^ +WF centre and spread +\d+ +\( *([^ ,]+), *([^ ,]+), *([^ ,)]+) *\) +(\S+)/

/** `WF centre and spread   1  ( x, y, z )  spread`, in the unit of length of the file. */
function finalState(context: Context): Section {
  const { run, notes } = context
  run.final = true
  if (run.checksConvergence) run.converged ??= false
  const found: Centre[] = []
  let broken = false
  return (text, line) => {
    const row = CENTRE.exec(text)
    if (row === null) {
      const complete = !broken && found.length > 0 && (run.wannierCount === null || found.length === run.wannierCount)
      run.centres = complete ? found : null
      return false
    }
    const [x = null, y = null, z = null, spread = null] = row.slice(1).map(toNumber)
    if (x === null || y === null || z === null || spread === null) {
      broken = true
      notes.diagnose('OUTPUT_UNREADABLE', `a Wannier centre or its spread is not a number: "${text.trim()}"`, { line, text })
    } else found.push({ centre: [x * run.unit, y * run.unit, z * run.unit], spread: spread * run.unit ** 2 })
    return true
  }
}

const PARTS = { I: 'invariant', D: 'diagonal', OD: 'offDiagonal', Total: 'total' } as const

/** The table after the final state: `Spreads (Ang^2)  Omega I = …`. */
function omega({ run, notes }: Context, hit: Hit): undefined {
  const name = hit.groups['name'] ?? ''
  if (!run.final || !(name in PARTS)) return
  const value = toNumber(hit.groups['value'])
  if (value === null) notes.diagnose('OUTPUT_UNREADABLE', `Omega ${name} is not a number: "${hit.groups['value']}"`, hit)
  run.spreads[PARTS[name as keyof typeof PARTS]] = value === null ? null : value * run.unit ** 2
}

const ending = (context: Context): readonly Rule[] => [
  {
    pattern: /Total Execution Time +(?<seconds>[^ \n]+) +\(sec\)/,
    read: ({ groups }) => wall(context, toNumber(groups['seconds'])),
  },
  { pattern: /All done: (?:wannier90|postw90) exiting/, torn: true, read: () => done(context) },
  { pattern: /Exiting\.\.\. +[^\n]*\.nnkp written\./, torn: true, read: () => preprocessed(context) },
  exitingRule(context.notes, () => failed(context)),
]

function wall({ run }: Context, seconds: number | null): undefined {
  run.wallSeconds = seconds
}

function done({ run }: Context): undefined {
  run.done = true
}

function preprocessed({ run }: Context): undefined {
  run.done = true
  run.postprocessing = true
}

function failed({ run }: Context): void {
  run.failed = true
}
