import type { CalculationResult, JobView } from '@crystalmath/contract'
import { formatTable } from '../output/table.ts'
import { formatNumber } from '../output/text.ts'
import type { ByHand } from './by-hand.ts'
import { type EquationOfState, fitEnergies, fitPressures } from './equation-of-state.ts'
import { type DemoJob, DISPLACEMENT_ANGSTROM } from './requests.ts'

export type Finished = {
  readonly job: JobView
  readonly role: DemoJob['role']
  readonly result: CalculationResult | null
  readonly byHand: ByHand | undefined
}

/** LDA silicon in the literature, beside which ours is printed. */
const LITERATURE = 'LDA literature: 5.38–5.41 Å, 93–98 GPa'
/** Primitive cells in the cube of an fcc crystal. */
const CELLS_PER_CUBE = 4

/** Everything that a physicist checks at a glance, as text. */
export function formatReport(all: readonly Finished[]): string {
  const of = (role: DemoJob['role']) => all.filter((one) => one.role === role)
  return [volumes(of('volume')), displaced(of('displaced')), metal(of('metal')), repaired(of('to-repair')), compared(all)].join(
    '\n\n',
  )
}

export type Fits = { readonly fromEnergies: EquationOfState; readonly fromStresses: EquationOfState }

export function fitsOf(jobs: readonly Finished[]): Fits | null {
  const points = jobs.flatMap(({ result }) =>
    result?.energyEv != null && result.volumeAngstrom3 != null && result.pressureGpa != null
      ? [{ v: result.volumeAngstrom3, e: result.energyEv, p: result.pressureGpa }]
      : [],
  )
  if (points.length < 5) return null
  const v = points.map((point) => point.v)
  return {
    fromEnergies: fitEnergies(
      v,
      points.map((point) => point.e),
      CELLS_PER_CUBE,
    ),
    fromStresses: fitPressures(
      v,
      points.map((point) => point.p),
      CELLS_PER_CUBE,
    ),
  }
}

function volumes(jobs: readonly Finished[]): string {
  const rows = jobs.map(({ job, result }) => [
    job.name,
    formatNumber(result?.volumeAngstrom3, 4),
    formatNumber(result?.energyEv, 6),
    formatNumber(result?.pressureGpa, 3),
    String(result?.scfStepCounts.at(-1) ?? '-'),
  ])
  const fits = fitsOf(jobs)
  const line = (name: string, fit: EquationOfState) =>
    `  from ${name}  a = ${fit.latticeConstantAngstrom.toFixed(4)} Å   B = ${fit.bulkModulusGpa.toFixed(2)} GPa`
  return [
    'Silicon, equation of state (LDA, 40 Ry, 6x6x6)',
    formatTable(['job', '>V / Å³', '>E / eV', '>P / GPa', '>scf'], rows),
    ...(fits === null
      ? ['  not enough points for a fit']
      : [line('energies', fits.fromEnergies), line('stresses', fits.fromStresses)]),
    `  ${LITERATURE}`,
  ].join('\n')
}

function displaced(jobs: readonly Finished[]): string {
  const byName = (part: string) => jobs.find(({ job }) => job.name.includes(part))?.result
  const [minus, plus, centre] = [byName('x-'), byName('x+'), byName('x0')]
  const slope =
    minus?.energyEv != null && plus?.energyEv != null ? -(plus.energyEv - minus.energyEv) / (2 * DISPLACEMENT_ANGSTROM) : null
  const rows = jobs.map(({ job, result }) => [
    job.name,
    formatNumber(result?.energyEv, 6),
    ...[0, 1, 2].map((i) => formatNumber(result?.forcesEvPerAngstrom?.[1]?.[i], 5)),
  ])
  return [
    `Silicon, second atom displaced, then by ±${DISPLACEMENT_ANGSTROM} Å along x`,
    formatTable(['job', '>E / eV', '>Fx / eV/Å', '>Fy', '>Fz'], rows),
    `  Fx = ${formatNumber(centre?.forcesEvPerAngstrom?.[1]?.[0], 5)} eV/Å as printed, −dE/dx = ${formatNumber(slope, 5)} eV/Å by central difference`,
  ].join('\n')
}

function metal(jobs: readonly Finished[]): string {
  const rows = jobs.map(({ job, result }) => {
    const internal =
      result?.freeEnergyEv != null && result.entropyTermEv != null ? result.freeEnergyEv - result.entropyTermEv : null
    return [
      job.name,
      formatNumber(result?.freeEnergyEv, 6),
      formatNumber(internal, 6),
      formatNumber(result?.entropyTermEv, 6),
      formatNumber(result?.fermiEnergyEv, 4),
    ]
  })
  return [
    'Aluminium, smeared: free energy F, internal energy E = F − (−TS), and −TS apart',
    formatTable(['job', '>F / eV', '>E / eV', '>−TS / eV', '>E_F / eV'], rows),
  ].join('\n')
}

function repaired(jobs: readonly Finished[]): string {
  return jobs
    .map(({ job, result }) => {
      const diff = job.origin.changes.map(
        ({ path, from, to }) => `    - ${path} = ${JSON.stringify(from)}\n    + ${path} = ${JSON.stringify(to)}`,
      )
      const past = job.past.map(({ attempt, diagnosis, ending }) => `  attempt ${attempt}: ${ending ?? '?'}, ${diagnosis ?? '?'}`)
      const now = `  attempt ${job.attempt}: ${job.status}, rule "${job.origin.rule}": ${job.origin.because}; E = ${formatNumber(result?.energyEv, 6)} eV${job.status === 'failed' ? `; ${job.verdict ?? ''}` : ''}`
      return [`${job.name}: made to fail, repaired by recovery`, ...past, now, ...diff].join('\n')
    })
    .join('\n')
}

function compared(all: readonly Finished[]): string {
  const rows = all.map(({ job, result, byHand }) => {
    const difference = result?.energyEv != null && byHand?.energyEv != null ? result.energyEv - byHand.energyEv : null
    return [
      job.name,
      job.id,
      formatNumber(result?.energyEv, 8),
      formatNumber(byHand?.energyEv, 8),
      difference === null ? '-' : difference.toExponential(1),
    ]
  })
  return [
    'The same inputs, run by plain pw.x in another folder',
    formatTable(['job', 'id', '>ours / eV', '>pw.x / eV', '>ours − pw.x'], rows),
  ].join('\n')
}

/** Largest |ours − pw.x|, eV; null unless every energy has its partner. */
export function largestDifferenceEv(all: readonly Finished[]): number | null {
  const differences = all.map(({ result, byHand }) =>
    result?.energyEv != null && byHand?.energyEv != null ? Math.abs(result.energyEv - byHand.energyEv) : null,
  )
  return differences.includes(null) ? null : Math.max(...differences.map((one) => one ?? 0))
}
