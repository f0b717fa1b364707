import { EV_PER_HARTREE, type Vector3 } from '@crystalmath/contract/plain'
import { detached } from '../../reading/hits.ts'
import { scaled, toNumber } from '../../reading/numbers.ts'
import { line, type Rule, rows, rule, type Section } from '../../reading/scanner.ts'
import type { Context, NwchemRun } from './run.ts'
import { acceptedEnergy, backToUndisplaced, beginScf } from './tasks.ts'

/** Energies at every level of theory, gradients, and the points of an optimisation. */
export const energyRules = (context: Context): Rule[] => [
  rule(/^convergence +iter +energy/, (hit) => {
    beginScf(context.run)
    context.run.inScf = { line: hit.line(), text: 'convergence iter energy' }
    return iterations(context.run)
  }),
  line(/^Total (DFT|SCF|SO-DFT|MCSCF) energy +=\s+(\S+)/, ({ captures: [level = '', energy] }) => {
    const { run } = context
    beginScf(run)
    const failed = run.inScf === null && run.step.converged === false
    run.step.energyHartree = toNumber(energy)
    run.step.scfHartree = run.step.energyHartree
    run.step.excitedHartree = null
    run.step.level = level === 'SO-DFT' ? 'DFT' : detached(level)
    if (!failed) run.step.converged = true
    run.inScf = null
    if (run.afterOptimisation && run.undisplaced === null) run.accepted = run.step
  }),
  line(/^Excited state energy +=\s+(-?\d+\.\d+)/, ({ captures: [energy] }) => {
    context.run.step.excitedHartree = toNumber(energy)
  }),
  line(/^total +energy +: +(\S+) \(/, ({ captures: [energy] }) => onPlaneWaves(context.run, toNumber(energy))),
  line(/^\*\*\* arr?ived at the Maximum iteration\./, () => {
    context.run.planeWavesExhausted = true
  }),
  line(/^\*\*\* tolerance ok\./, () => {
    context.run.planeWavesExhausted = false
  }),
  line(/^exchange-correlation = (\S+)/, ({ captures: [name = ''] }) => {
    context.run.functional = detached(name)
  }),
  line(
    /^(?:Total (MP2|CCSD|CCSD\(T\)) energy:?|(CC\S*|CR-\S*|CIS\S*|MBPT\S*|QCISD\S*|LR-\S*|LCC\S*) +total energy(?: \/ hartree)?) +=?\s*(-?\d+\.\d+)/,
    ({ captures: [a, b, energy] }) => onCorrelated(context.run, detached(a ?? b ?? ''), toNumber(energy)),
  ),
  line(
    /^(?:Dispersion correction|Dispersion energy) {1,60}(?:\(\S{1,20}\) {0,60})?[=:]?\s{0,60}(-?\d{1,12}\.\d{1,20}(?:[ED][+-]\d{1,3})?)$/,
    ({ captures: [energy], text }) => {
      if (text.startsWith('Dispersion')) context.run.step.dispersionHartree = toNumber(energy)
    },
  ),
  rule(/^(?:DFT|RHF|UHF|ROHF|MP2|SCF|TDDFT) ENERGY GRADIENTS/, () => {
    const found: Vector3[] = []
    const at: Vector3[] = []
    Object.assign(context.run.step, { gradientHartreePerBohr: found, gradientAtBohr: at })
    return rows((text) => {
      const [, words] = /^ *\d+ +[A-Za-z]\S* +((?:\S+ +){5}\S+) *$/.exec(text) ?? []
      const [a, b, c, x, y, z] = (words ?? '').split(/ +/).map(toNumber)
      if (a == null || b == null || c == null || x == null || y == null || z == null) return false
      at.push([a, b, c])
      found.push([x, y, z])
      return true
    }, 4)
  }),
  line(/^@ +(\d+) +(-?\d+\.\d+) /, ({ captures: [number, energy] }) => {
    const { run } = context
    backToUndisplaced(run)
    if (Number(number) <= run.acceptedNumber) return
    run.acceptedNumber = Number(number)
    acceptedEnergy(run, toNumber(energy))
    run.scfStepCounts.push(run.step.scfSteps)
    run.accepted = { ...run.step }
    if (context.full)
      run.trajectory.push({ energyEv: scaled(run.step.energyHartree, EV_PER_HARTREE), scfStepCount: run.step.scfSteps })
    run.step.scfSteps = 0
  }),
  line(/^Optimization converged/, () => {
    context.run.optimisation = 'converged'
  }),
]

/** `d= 0,ls=0.0,diis     3   -382.2954278897 …`: the number of the last one is their count. */
function iterations(run: NwchemRun): Section {
  const before = run.step.scfSteps
  return rows((text) => {
    if (/^ +(?:Resetting|Singularity|screening|small|Compute|Grid)/i.test(text)) return true
    const [, number] = /^ *d= ?\d+,ls=\S+? *(?:diis)? +(\d+) +-?\d+\.\d+/.exec(text) ?? []
    if (number === undefined) return /^ *$/.test(text) && run.step.scfSteps > before
    run.step.scfSteps = before + Number(number)
    return true
  }, 1)
}

/** `total     energy    :  -0.3101877670E+02 (   -0.31019E+02/ion)`, of the summary after the minimisation in plane waves. */
function onPlaneWaves(run: NwchemRun, energyHartree: number | null): void {
  Object.assign(run.step, { energyHartree, scfHartree: energyHartree, level: 'DFT', converged: !run.planeWavesExhausted })
}

/**
 * An energy on top of the SCF: `CCSD(T) total energy / hartree = …`. Those of excited states (EOM) are none of the ground state.
 * After an optimisation the geometry is the optimised one, and its forces belong to the level that was optimised.
 */
function onCorrelated(run: NwchemRun, level: string, energyHartree: number | null): void {
  if (level.includes('EOM')) return
  Object.assign(run.step, { energyHartree, level })
  if (run.optimisation !== 'converged' || run.accepted === null || run.undisplaced !== null || run.accepted === run.step) return
  run.accepted = { ...run.accepted, energyHartree, scfHartree: run.step.scfHartree, level, gradientHartreePerBohr: null }
}
