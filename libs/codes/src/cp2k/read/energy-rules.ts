import { EV_PER_HARTREE, type Vector3 } from '@crystalmath/contract/plain'
import { quoted } from '../../reading/hits.ts'
import { scaled, toNumber, toNumbers } from '../../reading/numbers.ts'
import { type Hit, line, type Rule, rows, rule, type Section } from '../../reading/scanner.ts'
import type { Context, Cp2kRun } from './run.ts'
import { withStep } from './scf-trend.ts'

const FORCE = /^ *\d+ +\d+ +[A-Z][A-Za-z0-9_]* +(\S+) +(\S+) +(\S+) *$/
const FORCE_2024 = /^ *FORCES\| +\d+ +(\S+) +(\S+) +(\S+) +\S+ *$/
const MULLIKEN = /^ *\d+ +[A-Z][a-z]? +\d+((?: +-?\d+\.\d+)+) *$/

/** SCF, energies, forces, stress, charges. */
export const energyRules = (context: Context): Rule[] => [
  line(/^[0-9]{1,4} [A-Z][A-Za-z_]*[ /].*? (?:\d+\.\d+) +(\d+\.\d+) +-?\d+\.\d+ +\S+$/, (hit) => {
    context.run.trend = withStep(context.run.trend, Number(hit.captures[0]), hit.line(), quoted(hit.text))
  }),
  line(/^SCF WAVEFUNCTION OPTIMIZATION/, () => {
    context.run.converged = null
    context.run.trend = null
    context.run.diagnoses = context.run.diagnoses.filter(({ kind }) => kind !== 'ELECTRONIC_NOT_CONVERGED')
  }),
  line(/^\*\*\* SCF run converged in +(\d+) (?:steps|iterations)/, ({ captures: [steps] }) => {
    context.run.scfSteps += Number(steps)
    context.run.converged = true
    context.run.trend = null
  }),
  line(/^Leaving inner SCF loop after reaching +(\d+) steps/, ({ captures: [steps] }) => {
    context.run.scfSteps += Number(steps)
  }),
  line(/^outer SCF loop converged in/, () => {
    context.run.converged = true
  }),
  line(/SCF run NOT converged|outer SCF loop FAILED to converge/, (hit) => notConverged(context, hit)),
  line(/^ENERGY\| Total FORCE_EVAL \( *\w+ *\) energy \S+?:? +(\S+)$/, (hit) => {
    const { run } = context
    run.energyHartree = toNumber(hit.captures[0])
    if (run.energyHartree === null)
      run.diagnoses.push({
        kind: 'OUTPUT_UNREADABLE',
        message: `total energy is not a number: "${hit.captures[0]}"`,
        evidence: { file: context.file, line: hit.line(), text: quoted(hit.text) },
      })
    volumeOfEnergy(run)
    run.stepCount += 1
    run.scfStepCounts.push(run.scfSteps)
    if (context.full) run.trajectory.push({ energyEv: scaled(run.energyHartree, EV_PER_HARTREE), scfStepCount: run.scfSteps })
    run.scfSteps = 0
    run.forcesHartreePerBohr = null
    run.stressGpa = null
  }),
  line(/^Fermi (?:energy|Energy \[eV\] ?): +(\S+)$/, ({ captures: [value], text }) => {
    if (!text.includes('eV')) context.run.fermiHartree = toNumber(value)
  }),
  line(/^Electronic entropic energy: +(\S+)$/, ({ captures: [value] }) => {
    context.run.entropyHartree = toNumber(value)
  }),
  line(/^Dispersion energy: +(\S+)$/, ({ captures: [value] }) => {
    context.run.dispersionHartree = toNumber(value)
  }),
  line(/^(?:HOMO - LUMO gap \[eV\] :|MO\| HOMO-LUMO gap) +(\S+)/, () => undefined),
  rule(/^ATOMIC FORCES in \[a\.u\.\]/, () => forces(context.run, FORCE)),
  rule(/^FORCES\| Atomic forces \[hartree\/bohr\]/, () => forces(context.run, FORCE_2024)),
  rule(/^STRESS\| (?:Analytical|Numerical) stress tensor \[(GPa|bar)\]/, ({ captures: [unit] }) =>
    stress(context.run, unit === 'bar' ? 1e-4 : 1),
  ),
  rule(/^STRESS TENSOR \[GPa\]/, () => stress(context.run, 1)),
  rule(/^Mulliken Population Analysis/, () => charges(context.run, 'mulliken', MULLIKEN)),
  rule(/^Hirshfeld Charges/, () => charges(context.run, 'hirshfeld', MULLIKEN)),
  line(/GEOMETRY OPTIMIZATION COMPLETED/, () => {
    context.run.optimisation = 'converged'
  }),
  line(/MAXIMUM NUMBER OF OPTIMIZATION STEPS REACHED/, (hit) => {
    context.run.optimisation = 'failed'
    context.run.diagnoses.push({
      kind: 'IONIC_NOT_CONVERGED',
      message: 'the optimisation reached its step limit',
      evidence: { file: context.file, line: hit.line(), text: quoted(hit.text) },
    })
  }),
  line(/^(?:MD\| )?Temperature \[K\] +(\d\S*)/, ({ captures: [kelvin] }) => {
    context.run.temperatureK = toNumber(kelvin)
  }),
]

function notConverged(context: Context, hit: Hit): void {
  context.run.converged = false
  if (context.run.diagnoses.some(({ kind }) => kind === 'ELECTRONIC_NOT_CONVERGED')) return
  context.run.diagnoses.push({
    kind: 'ELECTRONIC_NOT_CONVERGED',
    message: 'the SCF did not converge',
    evidence: { file: context.file, line: hit.line(), text: quoted(hit.text) },
  })
}

function forces(run: Cp2kRun, pattern: RegExp): Section {
  const found: Vector3[] = []
  run.forcesHartreePerBohr = found
  return rows((text) => {
    const [, ...words] = pattern.exec(text) ?? []
    const [x, y, z] = words.map(toNumber)
    if (x == null || y == null || z == null) return false
    found.push([x, y, z])
    return true
  }, 3)
}

/** CP2K prints the virial: pressure-positive. */
function stress(run: Cp2kRun, unitGpa: number): Section {
  const found: Vector3[] = []
  run.stressGpa = found
  return rows((text) => {
    const [, words] = /^ *(?:STRESS\| +)?[xyzXYZ] +(-?\d.*)$/.exec(text) ?? []
    const [x, y, z] = words === undefined ? [] : (toNumbers(words) ?? [])
    if (x === undefined || y === undefined || z === undefined) return false
    found.push([-x * unitGpa, -y * unitGpa, -z * unitGpa])
    return found.length < 3
  }, 3)
}

/** Net charge is the column before the spin moment (Mulliken, spin-polarised), else the last. */
function charges(run: Cp2kRun, scheme: 'mulliken' | 'hirshfeld', pattern: RegExp): Section {
  const charge: number[] = []
  const spin: number[] = []
  run.sites = { ...run.sites, [scheme]: { charges: charge } }
  return rows((text) => {
    const [, words] = pattern.exec(text) ?? []
    const numbers = words === undefined ? null : toNumbers(words)
    if (numbers === null) return false
    const spins = scheme === 'mulliken' ? numbers.length === 4 : numbers.length === 5
    charge.push(numbers.at(scheme === 'mulliken' && spins ? -2 : -1) ?? Number.NaN)
    if (spins) spin.push(numbers.at(scheme === 'mulliken' ? -1 : -2) ?? Number.NaN)
    if (spin.length === 1) run.sites = { ...run.sites, [scheme]: { charges: charge, spins: spin } }
    return true
  }, 3)
}

/** A cell that an optimisation moves is printed before each energy. */
function volumeOfEnergy(run: Cp2kRun): void {
  const stays = run.runType !== 'CELL_OPT' && !run.cellMoves
  run.volumeAngstrom3 = run.printedVolume ?? (stays ? run.volumeAngstrom3 : null)
  run.printedVolume = null
}
