import type { Reader, Vector3 } from '@crystalmath/contract'
import type { ReadOptions } from '../../code-reads.ts'
import { detached } from '../../reading/hits.ts'
import { toNumber } from '../../reading/numbers.ts'
import { line, type Rule, rows, rule, type Section, scanner } from '../../reading/scanner.ts'
import { energyRules } from './energy-rules.ts'
import { errorRules } from './error-rules.ts'
import { type Context, type NwchemRun, newRun } from './run.ts'
import { beginOptimisation, beginTask, beginVibrations, countedAtoms, displace, printedGeometry } from './tasks.ts'

/** Reads the standard output of NWChem (6 and 7). */
export function output(file: string, { full }: ReadOptions): Reader<NwchemRun> {
  const context: Context = { file, full, run: newRun() }
  const feed = scanner([...setupRules(context), ...energyRules(context), ...propertyRules(context), ...errorRules(context)])
  return { feed, end: () => context.run }
}

const setupRules = (context: Context): Rule[] => [
  line(/^Northwest Computational Chemistry Package \(NWChem\) (\S+)/, ({ captures: [version = ''] }) => {
    if (context.run.version !== null) context.run = { ...newRun(), runs: context.run.runs + 1 }
    context.run.version = detached(version)
  }),
  line(/^nproc +=\s+(\d+)/, ({ captures: [count] }) => {
    context.run.rankCount = Number(count)
  }),
  line(/^Charge +: +(-?\d+)/, ({ captures: [value] }) => {
    context.run.charge = Number(value)
  }),
  line(/^Spin multiplicity: +(\d+)/, ({ captures: [value] }) => {
    context.run.multiplicity = Number(value)
  }),
  line(/^No\. of electrons : +(\d+)/, ({ captures: [value] }) => {
    context.run.electronCount = Number(value)
  }),
  line(/^AO basis - number of functions: +(\d+)/, ({ captures: [value] }) => {
    context.run.basisFunctionCount = Number(value)
  }),
  line(/^(?:No\. of atoms +:|atoms +=) +(\d+)/, ({ captures: [count] }) => countedAtoms(context.run, Number(count))),
  line(/^Wavefunction type: +(\w+)/, ({ captures: [type] }) => {
    context.run.spinPolarized = type === 'spin'
  }),
  line(/^([A-Za-z0-9]\S*) Method XC (?:Potential|Functional)/, ({ captures: [name = ''] }) => {
    context.run.functional = detached(name)
  }),
  line(/^NWChem Input Module/, () => beginTask(context.run)),
  line(/^Task +times +cpu:/, () => {
    context.run.taskEnded = true
  }),
  line(/^NWChem Geometry Optimization/, () => beginOptimisation(context.run)),
  line(/^NWChem (?:Nuclear Hessian and Frequency Analysis|Finite-difference Hessian)/, () => beginVibrations(context.run)),
  line(/^(?:atom: +\d+ xyz: +\d\([+-]\)|Finite difference step )/, () => displace(context.run)),
  rule(/^Output coordinates in (angstroms|a\.u\.)/, ({ captures: [unit] }) =>
    geometry(context.run, unit === 'a.u.' ? 0.529177210903 : 1),
  ),
  line(
    /^Total times +cpu: +(\S+)s +wall: +(\S+)s/,
    ({ captures: [cpu, wall] }) => {
      context.run.cpuSeconds = toNumber(cpu)
      context.run.wallSeconds = toNumber(wall)
      context.run.finished = true
    },
    true,
  ),
]

/** `1 C   6.0000   x y z`; a tag may carry a number, `C1`, or say that an atom is a ghost. */
const ATOM = /^ *\d+ (\S+) +-?\d+\.\d+ +(-?\d+\.\d+) +(-?\d+\.\d+) +(-?\d+\.\d+) *$/

function geometry(run: NwchemRun, scale: number): Section {
  const species: string[] = []
  const positions: Vector3[] = []
  const row = (text: string): boolean => {
    const [, tag, x, y, z] = ATOM.exec(text) ?? []
    if (tag === undefined) return false
    species.push(detached(/^(?:bq|[Xx])/i.test(tag) && !/^(?:xe)/i.test(tag) ? 'X' : symbolOfTag(tag)))
    positions.push([Number(x) * scale, Number(y) * scale, Number(z) * scale])
    return true
  }
  return rows(row, 4, () => printedGeometry(run, species, positions))
}

const symbolOfTag = (tag: string): string => {
  const [letters = 'X'] = /^[A-Za-z]{1,2}/.exec(tag) ?? []
  return `${letters.slice(0, 1).toUpperCase()}${letters.slice(1).toLowerCase()}`
}

const propertyRules = (context: Context): Rule[] => {
  // of a run: the next one in the file begins with its first spin
  let levels = { of: context.run, spin: 0 }
  return [
    line(/^(?:DFT|SCF|RHF|UHF|ROHF) Final (Alpha |Beta )?Molecular Orbital Analysis/, ({ captures: [which] }) => {
      levels = { of: context.run, spin: which === 'Beta ' ? 1 : 0 }
      if (levels.spin === 0) Object.assign(context.run.step, { homoHartree: [], lumoHartree: [] })
    }),
    line(/^Vector +\d+ +Occ=(\S+) +E= ?(\S+)/, ({ captures: [occupation, level] }) => {
      const { step } = context.run
      const energy = toNumber(level)
      if (energy === null) return
      const spin = levels.of === context.run ? levels.spin : 0
      if ((toNumber(occupation) ?? 0) > 0.5) step.homoHartree[spin] = energy
      else step.lumoHartree[spin] ??= energy
    }),
    line(/^<S2> += +(\S+) +\(Exact = +(\S+)\)/, ({ captures: [value, ideal] }) => {
      context.run.step.spinSquared = toNumber(value)
      context.run.step.spinSquaredIdeal = toNumber(ideal)
    }),
    line(/^1 {3}(1 0 0|0 1 0|0 0 1) +(-?\d+\.\d+) +/, ({ captures: [axis, total] }) => {
      const at = axis === '1 0 0' ? 0 : axis === '0 1 0' ? 1 : 2
      // the density of an excited root is analysed behind its energy
      if (context.run.step.excitedHartree === null) context.run.step.dipoleAu[at] = toNumber(total) ?? Number.NaN
    }),
    line(/^\(Projected Frequencies expressed in cm-1\)/, () => {
      context.run.frequenciesPerCm = []
    }),
    line(/^P\.Frequency +(.*)/, ({ captures: [words = ''] }) => {
      for (const word of words.trim().split(/ +/)) {
        const value = toNumber(word)
        if (value !== null && Math.abs(value) > 0.005) context.run.frequenciesPerCm.push(value)
      }
    }),
    line(/^Zero-Point correction to Energy +=.*\( +(\S+) au\)/, ({ captures: [value] }) => {
      context.run.zeroPointHartree = toNumber(value)
    }),
  ]
}
