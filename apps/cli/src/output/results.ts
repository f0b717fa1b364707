import type { CalculationResult, Diagnosis } from '@crystalmath/contract'
import { formatFacts, formatTable } from './table.ts'
import { cut, formatFlag, formatNumber, formatSpan } from './text.ts'

/** Ended well, converged where it says, and nothing was diagnosed. */
export const isGood = (result: CalculationResult): boolean =>
  result.termination === 'normal' &&
  result.electronicConverged !== false &&
  result.ionicConverged !== false &&
  result.diagnoses.length === 0

const gapOf = ({ bandGapEv, bandGapDirect, bandGapSource }: CalculationResult): string | null => {
  if (bandGapEv === null) return null
  const kind = bandGapEv === 0 ? 'metal' : bandGapDirect === null ? null : bandGapDirect ? 'direct' : 'indirect'
  const words = [kind, bandGapSource === null ? null : `from ${bandGapSource}`].filter((word) => word !== null)
  return `${formatNumber(bandGapEv, 4)} eV${words.length === 0 ? '' : ` (${words.join(', ')})`}`
}

const unit = (value: number | null, digits: number, name: string): string | null =>
  value === null ? null : `${formatNumber(value, digits)} ${name}`

/** One calculation for people: what was run, what came out, what is wrong with it. */
export function formatResult(result: CalculationResult): string {
  const steps =
    result.ionicStepCount === null
      ? null
      : `${result.ionicStepCount} ionic, ${result.scfStepCounts.reduce((sum, n) => sum + n, 0)} electronic`
  const facts = formatFacts([
    ['code', [result.code, result.codeVersion].filter((word) => word !== null).join(' ')],
    ['method', result.energyMethod ?? result.method?.functional],
    ['system', result.formula === null ? null : `${result.formula} (${result.atomCount ?? '?'} atoms)`],
    ['ended', result.termination],
    ['converged', `electrons ${formatFlag(result.electronicConverged)}, ions ${formatFlag(result.ionicConverged)}`],
    [
      'energy',
      result.energyEv === null
        ? null
        : `${formatNumber(result.energyEv, 8)} eV${result.energyKind === null ? '' : ` (${result.energyKind})`}`,
    ],
    ['not converged', unit(result.unconvergedEnergyEv, 8, 'eV')],
    ['max force', unit(result.maxForceEvPerAngstrom, 5, 'eV/Å')],
    ['pressure', unit(result.pressureGpa, 4, 'GPa')],
    ['gap', gapOf(result)],
    ['magnetization', unit(result.totalMagnetizationBohr, 4, 'μB')],
    ['steps', steps],
    [
      'run time',
      result.wallSeconds === null
        ? null
        : `${formatSpan(result.wallSeconds)}${result.coreCount === null ? '' : ` on ${result.coreCount} cores`}`,
    ],
    ['holds also', Object.keys(result.properties).join(', ')],
  ])
  const said = result.diagnoses.map(
    ({ kind, message, evidence }) =>
      `${kind}: ${message}\n    ${evidence.file}${evidence.line === null ? '' : `:${evidence.line}`}: ${evidence.text}`,
  )
  return [facts, ...said, ...result.warnings.map((warning) => `warning: ${warning}`)].join('\n')
}

/** `ZBRENT (OUTCAR:4182)`: what, and where it is said. */
const formatCause = ({ kind, evidence: { file, line } }: Diagnosis): string =>
  `${kind} (${file.slice(file.lastIndexOf('/') + 1)}${line === null ? '' : `:${line}`})`

export type Parsed = { readonly path: string } & (
  | { readonly result: CalculationResult }
  | { readonly error: { readonly kind: string; readonly message: string } }
)

/** Many calculations, one row each. */
export const formatResults = (all: readonly Parsed[]): string =>
  formatTable(
    ['path', 'code', 'ended', 'SCF', 'ions', '>energy (eV)', 'kind', '>max F (eV/Å)', '>steps', '>gap (eV)', 'diagnoses'],
    all.map((one) =>
      'error' in one
        ? [one.path, '-', one.error.kind, '-', '-', '-', '-', '-', '-', '-', cut(one.error.message, 100)]
        : [
            one.path,
            one.result.code,
            one.result.termination,
            formatFlag(one.result.electronicConverged),
            formatFlag(one.result.ionicConverged),
            formatNumber(one.result.energyEv, 6),
            one.result.energyKind ?? '-',
            formatNumber(one.result.maxForceEvPerAngstrom, 4),
            one.result.ionicStepCount ?? '-',
            formatNumber(one.result.bandGapEv, 3),
            one.result.diagnoses.map(formatCause).join(', '),
          ],
    ),
  )
