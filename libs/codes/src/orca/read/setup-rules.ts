import { detached } from '../../reading/hits.ts'
import { toNumber } from '../../reading/numbers.ts'
import { line, type Rule, rule } from '../../reading/scanner.ts'
import type { Context } from './context.ts'
import { newRun, nextStep } from './run.ts'

/** The banner, the echoed input and settings, resources, and the last words. */
export const setupRules = (context: Context): Rule[] => [
  line(/^Program Version +(\d+(?:\.\d+)*)/, ({ captures: [version] }) => {
    if (context.run.version !== null) {
      context.run = newRun()
      context.run.warnings.push('the file holds more than one run: the last one is read')
    }
    context.run.version = detached(version ?? '')
  }),
  line(/^\$+ +JOB NUMBER +(\d+)/, ({ captures: [number] }) => {
    if (Number(number) > 1) anotherJob(context)
  }),
  rule(/^NAME = (\S+)/, ({ captures: [name = ''] }) => {
    context.run.jobName = detached(name.replace(/^.*[\\/]/, '').replace(/\.(?:inp|in|input)$/, ''))
    return (text) => {
      if (!text.startsWith('|')) return false
      echoed(context, text.replace(/^\| *\d*> ?/, ''))
      return !text.includes('END OF INPUT')
    }
  }),
  line(/^Total Charge +Charge +\.+ +(\S+)/, ({ captures: [value] }) => {
    context.run.method.charge = toNumber(value)
  }),
  line(/^Multiplicity +Mult +\.+ +(\d+)/, ({ captures: [value] }) => {
    context.run.method.multiplicity = Number(value)
  }),
  line(/^Basis Dimension +Dim +\.+ +(\d+)/, ({ captures: [value] }) => {
    context.run.method.basisFunctionCount = Number(value)
  }),
  line(/^Hartree-Fock type +HFTyp +\.+ +(\w+)/, ({ captures: [type] }) => {
    context.run.method.spinPolarized = type === 'UHF' || type === 'UKS' ? true : type === 'RHF' || type === 'RKS' ? false : null
  }),
  line(/^Exchange Functional +Exchange +\.+ +(\S+)/, ({ captures: [name] }) => {
    context.run.method.exchange = detached(name ?? '')
  }),
  line(/^Correlation Functional +Correlation +\.+ +(\S+)/, ({ captures: [name] }) => {
    context.run.method.correlation = detached(name ?? '')
  }),
  line(/^Correlation treatment +\.\.\. +(\S+)/, ({ captures: [name] }) => {
    context.run.method.treatment = detached(name ?? '')
  }),
  line(/^Energy Change +TolE +\.+ +(\S+) Eh/, ({ captures: [value = ''] }) => {
    const hartree = toNumber(value)
    // the optimiser prints four decimals, the SCF three
    if (hartree !== null)
      context.run.method.thresholds[/\.\d{4}e/.test(value) ? 'optimisationEnergyHartree' : 'scfEnergyHartree'] = hartree
  }),
  line(/^Your calculation utilizes the basis: +(\S.*)/, ({ captures: [name] }) => {
    context.run.method.basis ??= detached((name ?? '').trim())
  }),
  line(/^with the (?:Becke-Johnson damping scheme \((D3BJ)\)|(?:zero-)?damping scheme \((D3ZERO)\))/, ({ captures }) => {
    context.run.method.dispersion = detached(captures.find((one) => one !== undefined) ?? '')
  }),
  line(/^DFTD4 /, () => {
    context.run.method.dispersion = 'D4'
  }),
  line(/^(?:Relativistic Method|Scalar relativistic method) +\.+ +(\S.*)/, ({ captures: [name] }) => {
    context.run.method.relativity = detached((name ?? '').trim())
  }),
  line(/^\* +Program running (?:in parallel )?with +(\d+)/, ({ captures: [ranks] }) => {
    context.run.mpiRankCount = Math.max(context.run.mpiRankCount ?? 0, Number(ranks))
    context.run.computed = true
  }),
  line(/^Maximum memory used throughout the entire \S+-calculation: +(\S+) MB/, ({ captures: [value] }) => {
    context.run.maxMemoryMegabytes = Math.max(context.run.maxMemoryMegabytes ?? 0, toNumber(value) ?? 0)
  }),
  line(
    /^\*\*\*\*ORCA TERMINATED NORMALLY\*\*\*\*/,
    () => {
      context.run.finishedNormally = true
      context.run.computed = true
    },
    true,
  ),
  line(
    /^TOTAL RUN TIME: +(\d+) days +(\d+) hours +(\d+) minutes +(\d+) seconds +(\d+) msec/,
    ({ captures }) => {
      const [days = 0, hours = 0, minutes = 0, seconds = 0, milliseconds = 0] = captures.map(Number)
      context.run.wallSeconds = ((days * 24 + hours) * 60 + minutes) * 60 + seconds + milliseconds / 1000
    },
    true,
  ),
]

/** A `$new_job` of the same run: other geometry, other method, same ranks and clock. */
function anotherJob(context: Context): void {
  const { version, mpiRankCount, maxMemoryMegabytes, computed, diagnoses, warnings, complete } = context.run
  nextStep(context.run, context.full)
  context.run = { ...newRun(), version, mpiRankCount, maxMemoryMegabytes, computed, diagnoses, warnings }
  if (complete !== null) warnings.push('the run holds more than one job: the last one is read')
}

/** One line of the input as the output repeats it. */
function echoed({ run }: Context, input: string): void {
  const text = input.replace(/#.*/, '').trim()
  if (text.startsWith('!') && run.method.keywords.length < 1_000)
    run.method.keywords.push(...text.slice(1).trim().split(/\s+/).map(detached))
  const [, charge, multiplicity] =
    /^\* *(?:xyz|xyzfile|int|internal|gzmt|gzmtfile|pdbfile) +(-?\d+) +(\d+)/i.exec(text) ??
    /^\*(?:xyz|xyzfile|int|gzmt)\s+(-?\d+)\s+(\d+)/i.exec(text) ??
    []
  if (charge !== undefined) {
    run.method.charge ??= Number(charge)
    run.method.multiplicity ??= Number(multiplicity)
  }
  if (/^\{ *[BADC] /i.test(text) || /\b(?:constraints|scan)\b/i.test(text)) run.constrained = true
}
