import type { Reader, Vector3 } from '@crystalmath/contract'
import type { ReadOptions } from '../../../code-reads.ts'
import { toNumber } from '../../../reading/numbers.ts'
import type { Reported } from '../reported.ts'
import { type Row, type Told, tableReader } from './table.ts'

type Plot = { readonly points: { readonly k: Vector3; readonly values: number[] }[]; count: number }

/** ` &plot nbnd=   8, nks=    13 /`, then for each point a line with its coordinates and lines with its values. */
function plotReader(file: string, tell: (plot: Plot) => Told): Reader<Reported> {
  const plot: Plot = { points: [], count: 0 }
  let broken = false
  const onRow = (row: Row): void => {
    const last = plot.points.at(-1)
    const numbers = row.filter((value) => value !== null)
    if (numbers.length !== row.length) broken = true
    if (last !== undefined && last.values.length < plot.count) last.values.push(...numbers)
    else plot.points.push({ k: [numbers[0] ?? 0, numbers[1] ?? 0, numbers[2] ?? 0], values: [] })
  }
  return tableReader(file, {
    onText(line) {
      plot.count = toNumber(/nbnd\s*=\s*(\d+)/.exec(line)?.[1]) ?? 0
    },
    onRow,
    end: () =>
      broken || plot.count === 0
        ? {}
        : tell({ ...plot, points: plot.points.filter(({ values }) => values.length === plot.count) }),
  })
}

/** Reads what bands.x writes (`filband`): eV; coordinates in units of 2π/alat. */
export const bandsTable = (file: string, { full }: ReadOptions): Reader<Reported> =>
  plotReader(file, ({ points }) =>
    full && points.length > 0
      ? {
          properties: {
            bandsAlongPath: { kPointsPerTwoPiOverAlat: points.map(({ k }) => k), energiesEv: points.map(({ values }) => values) },
          },
        }
      : {},
  )

/** Reads what matdyn.x writes (`flfrq`): frequencies in cm⁻¹ by q; the result's are those at Γ, or of a single point. */
export const frequencyTable = (file: string): Reader<Reported> =>
  plotReader(file, ({ points }) => {
    const gamma =
      points.find(({ k }) => k.every((component) => Math.abs(component) < 1e-6)) ?? (points.length === 1 ? points[0] : undefined)
    return {
      properties: {
        ...(gamma === undefined ? {} : { vibrationalFrequenciesPerCm: gamma.values }),
        phononsByQ: points.map(({ k, values }) => ({ q: k, frequenciesPerCm: values })),
      },
    }
  })
