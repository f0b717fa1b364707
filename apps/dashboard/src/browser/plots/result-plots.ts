import type { CalculationResult, Structure } from '@crystalmath/contract'
import { h } from '../dom.ts'
import { lines } from './lines.ts'

type Properties = CalculationResult['properties']

/** Every picture that a result has the numbers for, each in a panel. */
export function resultPlots({ properties, structure, scfStepCounts, bandGapSource }: CalculationResult): readonly HTMLElement[] {
  const panels: readonly (readonly [title: string, plots: readonly HTMLElement[]])[] = [
    ['Steps', steps(properties, scfStepCounts)],
    ['Bands', bandGapSource === 'path' || properties.bands?.labels !== undefined ? bands(properties, structure) : []],
    ['Density of states', dos(properties)],
    ['Spectrum', spectrum(properties)],
    ['Vibrations', vibrations(properties)],
  ]
  return panels.flatMap(([title, plots]) =>
    plots.length === 0 ? [] : [h('section', { class: 'panel' }, h('h2', {}, title), plots)],
  )
}

function steps({ trajectory = [] }: Properties, scfStepCounts: readonly number[]): readonly HTMLElement[] {
  const x = trajectory.map((_, i) => i + 1)
  const forces = trajectory.map(({ maxForceEvPerAngstrom: force }) =>
    force !== undefined && force !== null && force > 0 ? force : null,
  )
  const common = { x, xLabel: 'ionic step', counted: true, height: 200 }
  return [
    ...(trajectory.length < 2
      ? []
      : [
          lines({
            ...common,
            yLabel: 'energy / eV',
            curves: [{ name: 'energy', y: trajectory.map(({ energyEv }) => energyEv), dots: true }],
          }),
        ]),
    ...(forces.filter((force) => force !== null).length < 2
      ? []
      : [
          lines({
            ...common,
            yLabel: 'max force / eV/Å',
            logarithmic: true,
            curves: [{ name: 'max force', y: forces, color: '#d1622b', dots: true }],
          }),
        ]),
    ...(scfStepCounts.length < 2
      ? []
      : [
          lines({
            ...common,
            x: scfStepCounts.map((_, i) => i + 1),
            yLabel: 'SCF steps',
            curves: [{ name: 'SCF steps', y: scfStepCounts, color: '#2da44e', dots: true }],
          }),
        ]),
  ]
}

/** Energies from the Fermi level, else from the highest filled band, within this window, eV. */
const WINDOW = [-12, 10] as const

function bands({ bands: found }: Properties, structure: Structure | null): readonly HTMLElement[] {
  if (found === undefined || found.kPoints.length < 2) return []
  const zero = found.fermiEnergyEv ?? highestFilled(found) ?? 0
  const x = distances(found.kPoints, structure)
  const curves = found.eigenvaluesEv.flatMap((byK, spin) =>
    (byK[0] ?? []).map((_, band) => ({
      name: `band ${band + 1}`,
      color: spin === 0 ? '#1f77d0' : '#d1622b',
      y: byK.map((values) => {
        const value = values[band]
        return value === null || value === undefined ? null : value - zero
      }),
    })),
  )
  const marks = Object.entries(found.labels ?? {}).map(([i, name]) => ({
    x: x[Number(i)] ?? 0,
    name: name === 'GAMMA' ? 'Γ' : name,
  }))
  return [
    lines({
      x,
      curves,
      xLabel: marks.length > 0 ? '' : 'k point',
      yLabel: `E − ${found.fermiEnergyEv == null ? 'highest filled' : 'E_F'} / eV`,
      level: 0,
      legend: false,
      yRange: WINDOW,
      height: 380,
      ...(marks.length > 0 ? { marks } : {}),
    }),
  ]
}

function highestFilled({ eigenvaluesEv, occupations }: NonNullable<Properties['bands']>): number | null {
  const filled = eigenvaluesEv.flatMap((byK, spin) =>
    byK.flatMap((values, k) => values.filter((value, band) => value !== null && (occupations?.[spin]?.[k]?.[band] ?? 0) > 0.5)),
  )
  return filled.reduce<number | null>(
    (highest, value) => (value !== null && (highest === null || value > highest) ? value : highest),
    null,
  )
}

/** Length along the path, 2π/Å where the lattice is known, else in fractional coordinates. */
function distances(kPoints: readonly (readonly number[])[], structure: Structure | null): readonly number[] {
  const inverse = reciprocal(structure?.latticeAngstrom ?? null)
  let sum = 0
  return kPoints.map((k, i) => {
    const before = kPoints[i - 1]
    if (before === undefined) return 0
    const fractional = k.map((value, j) => value - (before[j] ?? 0))
    const step =
      inverse === null
        ? fractional
        : [0, 1, 2].map((j) => fractional.reduce((total, value, row) => total + value * (inverse[row]?.[j] ?? 0), 0))
    sum += Math.hypot(...step)
    return sum
  })
}

type Rows = readonly (readonly [number, number, number])[]
/** Rows are the reciprocal vectors, 1/Å, without 2π. */
function reciprocal(lattice: Rows | null): Rows | null {
  const [a, b, c] = lattice ?? []
  if (a === undefined || b === undefined || c === undefined) return null
  const cross = (u: Rows[number], v: Rows[number]) =>
    [u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0]] as const
  const bc = cross(b, c)
  const volume = a[0] * bc[0] + a[1] * bc[1] + a[2] * bc[2]
  return [bc, cross(c, a), cross(a, b)].map(([x, y, z]) => [x / volume, y / volume, z / volume] as const)
}

function dos({ dos: found }: Properties): readonly HTMLElement[] {
  if (found === undefined || found.energiesEv.length < 2) return []
  const zero = found.fermiEnergyEv ?? 0
  const [up = [], down] = found.densities
  return [
    lines({
      x: found.energiesEv.map((energy) => energy - zero),
      xLabel: found.fermiEnergyEv == null ? 'E / eV' : 'E − E_F / eV',
      yLabel: 'states/eV/cell',
      curves:
        down === undefined
          ? [{ name: 'DOS', y: up }]
          : [
              { name: 'up', y: up },
              { name: 'down', y: down.map((value) => -value) },
            ],
    }),
  ]
}

function spectrum({ spectrum: found }: Properties): readonly HTMLElement[] {
  if (found === undefined || found.energiesEv.length < 2) return []
  const curves = [
    { name: 'Im ε', y: found.epsilonImaginary },
    { name: 'Re ε', y: found.epsilonReal },
    { name: 'loss', y: found.lossFunction },
  ].flatMap(({ name, y }) => (y === undefined ? [] : [{ name, y }]))
  return [lines({ x: found.energiesEv, xLabel: 'E / eV', yLabel: '', curves })]
}

/** Half width at half maximum of the broadened lines, cm⁻¹. */
const BROADENING = 8

function vibrations({
  vibrationalFrequenciesPerCm: found = [],
  infraredIntensitiesKmPerMol: intensities,
}: Properties): readonly HTMLElement[] {
  const real = found.filter((frequency) => frequency > 0)
  if (real.length < 2) return []
  const top = Math.max(...real) * 1.08
  const x = Array.from({ length: 600 }, (_, i) => (i * top) / 599)
  const weight = (i: number) => intensities?.[i] ?? 1
  const y = x.map((at) =>
    found.reduce((sum, frequency, i) => (frequency > 0 ? sum + weight(i) / (1 + ((at - frequency) / BROADENING) ** 2) : sum), 0),
  )
  const name = intensities === undefined ? 'modes' : 'infrared'
  return [
    lines({ x, xLabel: 'wavenumber / cm⁻¹', yLabel: name, title: `broadened by ${BROADENING} cm⁻¹`, curves: [{ name, y }] }),
  ]
}
