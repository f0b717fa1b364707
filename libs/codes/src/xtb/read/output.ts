import { EV_PER_HARTREE, type Reader, type Vector3 } from '@crystalmath/contract/plain'
import type { ReadOptions } from '../../code-reads.ts'
import { detached } from '../../reading/hits.ts'
import { scaled, toNumber, toNumbers } from '../../reading/numbers.ts'
import { line, type Rule, rows, rule, type Section, scanner } from '../../reading/scanner.ts'
import { errorRules } from './error-rules.ts'
import { newRun, type State, type XtbRun } from './run.ts'

/** Reads the standard output of xtb (5.8 to 6.7). */
export function output(file: string, { full }: ReadOptions): Reader<XtbRun> {
  const state = { run: newRun() }
  const feed = scanner([...setup(state), ...energies(state, full), ...errorRules(state, file)])
  return { feed, end: () => state.run }
}

const setup = (state: State): Rule[] => [
  line(/^\* xtb version (\S+)/, ({ captures: [version = ''] }) => {
    if (state.run.version !== null) state.run = { ...newRun(), runs: state.run.runs + 1 }
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
  line(/^(?:net charge|charge) +(?:: +)?(-?\d+)/, ({ captures: [charge] }) => {
    state.run.charge = Number(charge)
  }),
  line(/^(?:: +unpaired electrons|unpaired electrons|: +# unpaired) {1,60}:? {0,60}(\d+)/, ({ captures: [count] }) => {
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

const energies = (state: State, full: boolean): Rule[] => [
  line(/^\* total energy +: +(\S+) Eh/, ({ captures: [energy] }) => {
    if (full)
      state.run.trajectory.push({
        energyEv: scaled(toNumber(energy), EV_PER_HARTREE),
        scfStepCount: state.run.scfSteps.at(-1) ?? null,
      })
  }),
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
function iterations(run: XtbRun): Section {
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
function atomTable(run: XtbRun): Section {
  let symbol = ''
  const elements: string[] = []
  return (text) => {
    const [, next, list = ''] =
      /^ +\d+ +\d+ ([A-Z][a-z]?) +(\d[\d, -]*)$/.exec(text.trimEnd()) ?? /^ +()(\d[\d, -]*)$/.exec(text.trimEnd()) ?? []
    if (next === undefined) {
      run.elements = elements // only now is the table known to be whole
      return false
    }
    if (next !== '') symbol = detached(next)
    for (const range of list.split(',')) {
      const [from = Number.NaN, to = from] = range.trim().split('-').map(Number)
      for (let atom = from; atom <= to && atom <= MAX_ATOMS; atom += 1) elements[atom - 1] = symbol
    }
    return true
  }
}

const MAX_ATOMS = 100_000

function levels(run: XtbRun): Section {
  run.homoEv = null
  run.lumoEv = null
  return (text) => {
    const [, level, which] = /(-?\d+\.\d+) \((HOMO|LUMO)\)$/.exec(text.trimEnd()) ?? []
    if (which === 'HOMO') run.homoEv = Number(level)
    if (which === 'LUMO') run.lumoEv = Number(level)
    return /^ +(?:\d|\.\.\.|-{9})/.test(text) && !/HL-Gap/.test(text)
  }
}

function geometry(run: XtbRun): Section {
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

function dipole(run: XtbRun): Section {
  return (text) => {
    const [, words] = /^ +full: +(.*)$/.exec(text) ?? []
    const [x, y, z] = words === undefined ? [] : (toNumbers(words) ?? [])
    if (x !== undefined && y !== undefined && z !== undefined) run.dipoleAu = [x, y, z] // the components are atomic units, only the norm is in Debye
    return words === undefined && /^ +(?:x|q only)/.test(text)
  }
}

function frequencies(run: XtbRun): Section {
  const frequenciesPerCm: number[] = []
  const row = (text: string): boolean => {
    const [, words] = /^eigval : (.*)$/.exec(text) ?? []
    if (words === undefined) return false
    frequenciesPerCm.push(...(toNumbers(words) ?? []))
    return true
  }
  return rows(row, 0, () => Object.assign(run, { frequenciesPerCm }))
}
