import type { Diagnosis, Reader, Vector3 } from '@crystalmath/contract'
import { detached, quoted } from '../../reading/hits.ts'
import { toNumber, toNumbers } from '../../reading/numbers.ts'
import { type Hit, line, type Rule, rows, rule, type Section, scanner } from '../../reading/scanner.ts'
import { systemCauses } from '../../reading/system-causes.ts'

/** What one run of xtb says, in its own units (hartree, bohr, Debye) where the name says so. */
export type XtbOutput = {
  version: string | null
  hamiltonian: string | null
  energyHartree: number | null
  /** Of the newest electronic calculation. */
  converged: boolean | null
  optimisation: 'none' | 'running' | 'converged' | 'failed'
  cycles: number
  scfSteps: number[]
  homoEv: number | null
  lumoEv: number | null
  electronCount: number | null
  basisFunctionCount: number | null
  charge: number | null
  unpaired: number | null
  dispersionHartree: number | null
  /** Element of each atom, from the table of the set-up; in order, without holes in a whole output. */
  elements: string[]
  species: string[]
  positionsAngstrom: Vector3[]
  dipoleAu: Vector3 | null
  frequenciesPerCm: number[]
  temperatureK: number | null
  zeroPointHartree: number | null
  enthalpyHartree: number | null
  freeHartree: number | null
  threads: number | null
  wallSeconds: number | null
  cpuSeconds: number | null
  finished: boolean
  failed: boolean
  runs: number
  diagnoses: Diagnosis[]
}

/** What xtb says when it gives up: pattern, kind, message. */
const ERRORS: readonly (readonly [RegExp, string, string])[] = [
  [
    /Self consistent charge iterator did not converge|SCC did not converge|[Ss]cf: Setup of Hamiltonian failed|SCF not converged/,
    'ELECTRONIC_NOT_CONVERGED',
    'the self-consistent charges did not converge',
  ],
  [/convergence criteria cannot be satisfied within/, 'ELECTRONIC_NOT_CONVERGED', 'the self-consistent charges did not converge'],
  [/FAILED TO CONVERGE GEOMETRY OPTIMIZATION/, 'IONIC_NOT_CONVERGED', 'the optimisation reached its cycle limit'],
  [
    /(?:No parameters? for|Unknown element|Element .{1,20} not (?:supported|available|parametri[sz]ed))/,
    'INPUT_ERROR',
    'xtb has no parameters for an element',
  ],
  [/[Ff]ile .{1,200} (?:does not exist|not found)|Could not (?:find|open|read) /, 'INPUT_ERROR', 'a file could not be read'],
  [
    /Geometry file is empty|No geometry given|Found no atoms|Bad number of atoms|[Uu]nknown (?:option|keyword|flag)/,
    'INPUT_ERROR',
    'xtb does not understand its input',
  ],
]

/** Reads the standard output of xtb (5.8 to 6.7). */
export function output(file: string): Reader<XtbOutput> {
  const state = { run: emptyOutput() }
  const feed = scanner([...setup(state), ...energies(state), ...errors(state, file)])
  return { feed, end: () => state.run }
}

type State = { run: XtbOutput }

const setup = (state: State): Rule[] => [
  line(/^\* xtb version (\S+)/, ({ captures: [version = ''] }) => {
    if (state.run.version !== null) state.run = { ...emptyOutput(), runs: state.run.runs + 1 }
    state.run.version = detached(version)
  }),
  line(/^: +Hamiltonian +(\S+) +:/, ({ captures: [name = ''] }) => {
    state.run.hamiltonian = detached(name)
  }),
  line(/^: +# (electrons|basis functions) +(\d+) +:/, ({ captures: [what, count] }) => {
    state.run[what === 'electrons' ? 'electronCount' : 'basisFunctionCount'] = Number(count)
  }),
  line(/^omp threads +: +(\d+)/, ({ captures: [count] }) => {
    state.run.threads = Number(count)
  }),
  line(/^(?:net charge|charge) +:? +(-?\d+)/, ({ captures: [charge] }) => {
    state.run.charge = Number(charge)
  }),
  line(/^(?:: +unpaired electrons|unpaired electrons|: +# unpaired) +:? *(\d+)/, ({ captures: [count] }) => {
    state.run.unpaired = Number(count)
  }),
  line(/^:: total charge +(\S+) e/, ({ captures: [charge] }) => {
    const value = toNumber(charge)
    state.run.charge = value === null ? null : Math.round(value)
  }),
  line(
    /^\* finished run on/,
    () => {
      state.run.finished = true
    },
    true,
  ),
  line(
    /^\* +(wall|cpu)-time: +(\d+) d, +(\d+) h, +(\d+) min, +(\S+) sec/,
    ({ captures: [which, days, hours, minutes, seconds] }) => {
      const total = ((Number(days) * 24 + Number(hours)) * 60 + Number(minutes)) * 60 + Number(seconds)
      if (which === 'wall') state.run.wallSeconds ??= total
      else state.run.cpuSeconds ??= total
    },
  ),
]

const energies = (state: State): Rule[] => [
  rule(/^(?:iter +E +dE|\.+ CYCLE)/, ({ text }) => {
    if (text.startsWith('.')) {
      state.run.optimisation = 'running'
      state.run.cycles += 1
      return undefined
    }
    return iterations(state.run)
  }),
  line(/^\*\*\* convergence criteria satisfied after/, () => {
    state.run.converged = true
  }),
  line(/^\*\*\* GEOMETRY OPTIMIZATION CONVERGED/, () => {
    state.run.optimisation = 'converged'
  }),
  line(/^\| TOTAL ENERGY +(\S+) Eh/, ({ captures: [energy] }) => {
    state.run.energyHartree = toNumber(energy)
  }),
  line(/^\| TOTAL ENTHALPY +(\S+) Eh/, ({ captures: [energy] }) => {
    state.run.enthalpyHartree = toNumber(energy)
  }),
  line(/^\| TOTAL FREE ENERGY +(\S+) Eh/, ({ captures: [energy] }) => {
    state.run.freeHartree = toNumber(energy)
  }),
  line(/^:: zero point energy +(\S+) Eh/, ({ captures: [energy] }) => {
    state.run.zeroPointHartree = toNumber(energy)
  }),
  line(/^:: -> dispersion +(\S+) Eh/, ({ captures: [energy] }) => {
    state.run.dispersionHartree = toNumber(energy)
  }),
  rule(/^ID +Z sym\. +atoms/, () => atomTable(state.run)),
  rule(/^# +Occupation +Energy\/Eh/, () => levels(state.run)),
  rule(/^(?:final structure:|molecular dipole:|projected vibrational frequencies)/, ({ text }) =>
    text.startsWith('final') ? geometry(state.run) : text.startsWith('molecular') ? dipole(state.run) : frequencies(state.run),
  ),
]

/** The number of the last iteration is their count; the single points before and after an optimisation are of its first and last geometry. */
function iterations(run: XtbOutput): Section {
  const at = Math.max(run.cycles - 1, 0)
  const before = run.scfSteps[at] ?? 0
  return rows((text) => {
    const [, number] = /^ +(\d+) +-?\d+\.\d+ +/.exec(text) ?? []
    if (number === undefined) return false
    run.scfSteps[at] = before + Number(number)
    return true
  })
}

/** `  1    6 C      1-6, 11, 12`, going on in the next line where it is long. */
function atomTable(run: XtbOutput): Section {
  let symbol = ''
  return (text) => {
    const [, next, list = ''] =
      /^ +\d+ +\d+ ([A-Z][a-z]?) +(\d[\d, -]*)$/.exec(text.trimEnd()) ?? /^ +()(\d[\d, -]*)$/.exec(text.trimEnd()) ?? []
    if (next === undefined) return false
    if (next !== '') symbol = detached(next)
    for (const range of list.split(',')) {
      const [from = Number.NaN, to = from] = range.trim().split('-').map(Number)
      for (let atom = from; atom <= to && atom <= MAX_ATOMS; atom += 1) run.elements[atom - 1] = symbol
    }
    return true
  }
}

const MAX_ATOMS = 100_000

function levels(run: XtbOutput): Section {
  run.homoEv = null
  run.lumoEv = null
  return (text) => {
    const [, level, which] = /(-?\d+\.\d+) \((HOMO|LUMO)\)$/.exec(text.trimEnd()) ?? []
    if (which === 'HOMO') run.homoEv = Number(level)
    if (which === 'LUMO') run.lumoEv = Number(level)
    return /^ +(?:\d|\.\.\.|-{9})/.test(text) && !/HL-Gap/.test(text)
  }
}

function geometry(run: XtbOutput): Section {
  const species: string[] = []
  const positionsAngstrom: Vector3[] = []
  const row = (text: string): boolean => {
    const [symbol = '', ...words] = text.trim().split(/ +/)
    const [x, y, z] = words.map(toNumber)
    if (!/^[A-Z][a-z]?$/.test(symbol) || words.length !== 3 || x == null || y == null || z == null) return false
    species.push(detached(symbol))
    positionsAngstrom.push([x, y, z])
    return true
  }
  return rows(row, 3, () => Object.assign(run, { species, positionsAngstrom }))
}

function dipole(run: XtbOutput): Section {
  return (text) => {
    const [, words] = /^ +full: +(.*)$/.exec(text) ?? []
    const [x, y, z] = words === undefined ? [] : (toNumbers(words) ?? [])
    if (x !== undefined && y !== undefined && z !== undefined) run.dipoleAu = [x, y, z] // the components are atomic units, only the norm is in Debye
    return words === undefined && /^ +(?:x|q only)/.test(text)
  }
}

function frequencies(run: XtbOutput): Section {
  const frequenciesPerCm: number[] = []
  const row = (text: string): boolean => {
    const [, words] = /^eigval : (.*)$/.exec(text) ?? []
    if (words === undefined) return false
    frequenciesPerCm.push(...(toNumbers(words) ?? []))
    return true
  }
  return rows(row, 0, () => Object.assign(run, { frequenciesPerCm }))
}

const errors = (state: State, file: string): Rule[] => {
  const add = (kind: string, message: string, hit: Hit) => {
    if (state.run.diagnoses.length < 10 && !state.run.diagnoses.some((one) => one.kind === kind))
      state.run.diagnoses.push({ kind, message, evidence: { file, line: hit.line(), text: quoted(hit.text) } })
  }
  return [
    ...ERRORS.map(([pattern, kind, message]) =>
      line(pattern, (hit) => {
        add(kind, message, hit)
        if (kind === 'ELECTRONIC_NOT_CONVERGED') state.run.converged = false
        if (kind === 'IONIC_NOT_CONVERGED') state.run.optimisation = 'failed'
        else if (kind === 'INPUT_ERROR') state.run.failed = true
      }),
    ),
    line(
      /abnormal termination of xtb|^\[ERROR\] Program stopped/,
      (hit) => {
        state.run.failed = true
        if (state.run.diagnoses.length === 0) add('UNKNOWN_FAILURE', 'xtb stopped with an error', hit)
      },
      true,
    ),
    ...systemCauses(file, (diagnosis) => {
      state.run.failed = true
      if (!state.run.diagnoses.some(({ kind }) => kind === diagnosis.kind)) state.run.diagnoses.push(diagnosis)
    }),
  ]
}

const emptyOutput = (): XtbOutput => ({
  version: null,
  hamiltonian: null,
  energyHartree: null,
  converged: null,
  optimisation: 'none',
  cycles: 0,
  scfSteps: [],
  homoEv: null,
  lumoEv: null,
  electronCount: null,
  basisFunctionCount: null,
  charge: null,
  unpaired: null,
  dispersionHartree: null,
  elements: [],
  species: [],
  positionsAngstrom: [],
  dipoleAu: null,
  frequenciesPerCm: [],
  temperatureK: null,
  zeroPointHartree: null,
  enthalpyHartree: null,
  freeHartree: null,
  threads: null,
  wallSeconds: null,
  cpuSeconds: null,
  finished: false,
  failed: false,
  runs: 1,
  diagnoses: [],
})
