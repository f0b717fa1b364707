import type { CalculationResult, Properties } from '@crystalmath/contract'
import { emptyResult } from '../../reading/result.ts'
import type { TransportReading } from './transport.ts'

/** Transport coefficients against chemical potential and temperature; the numbers are in `properties.transport`. */
export function resultOf(readings: readonly TransportReading[], full: boolean): CalculationResult {
  const trace = readings.find(({ content }) => content === 'trace')
  const tensors = readings.find(({ content }) => content === 'condtens')
  const whole = readings.length > 0 && readings.every(({ whole, rows }) => whole && rows.length > 0)
  const silent = readings.some(({ energyUnit, rows }) => energyUnit === null && rows.length > 0)
  return {
    ...emptyResult('boltztrap2'),
    termination: whole ? 'normal' : 'truncated',
    diagnoses: readings.flatMap(({ diagnoses }) => diagnoses),
    warnings: silent ? ['the header does not say the unit of the chemical potential, which is therefore left out'] : [],
    properties: {
      ...(trace === undefined ? {} : { transport: traceOf(trace, full) }),
      ...(tensors !== undefined && full ? { transportTensors: tensorsOf(tensors) } : {}),
    },
  }
}

/** SI units; conductivities as the file has them: per second of relaxation time, unless `conductivityPer` says otherwise. */
function traceOf({ rows, energyUnit, per }: TransportReading, full: boolean): Properties {
  const column = (i: number) => rows.map((row) => row[i] ?? Number.NaN)
  const temperatures = [...new Set(column(1))].sort((a, b) => a - b)
  const summary = {
    conductivityPer: per,
    rowCount: rows.length,
    temperaturesK: temperatures,
    best: temperatures.map((kelvin) => bestAt(rows, kelvin, energyUnit)),
  }
  if (!full) return summary
  return {
    ...summary,
    ...(energyUnit === null ? {} : { chemicalPotentialsEv: column(0).map((mu) => mu * energyUnit) }),
    rowTemperaturesK: column(1),
    carriersPerCell: column(2),
    densityOfStates: column(3),
    seebeckVoltPerKelvin: column(4),
    conductivity: column(5),
    hallCoefficientM3PerCoulomb: column(6),
    electronicThermalConductivity: column(7),
    heatCapacityJoulePerMolKelvin: column(8),
    susceptibilityM3PerMol: column(9),
  }
}

/** Where S²σ is largest at one temperature. */
function bestAt(rows: readonly (readonly number[])[], kelvin: number, energyUnit: number | null): Properties {
  const power = (row: readonly number[]) => (row[4] ?? 0) ** 2 * (row[5] ?? 0)
  const [first, ...others] = rows.filter((row) => row[1] === kelvin)
  if (first === undefined) return {}
  const best = others.reduce((found, row) => (power(row) > power(found) ? row : found), first)
  return {
    temperatureK: kelvin,
    ...(energyUnit === null ? {} : { chemicalPotentialEv: (best[0] ?? Number.NaN) * energyUnit }),
    carriersPerCell: best[2],
    seebeckVoltPerKelvin: best[4],
    conductivity: best[5],
    powerFactor: power(best),
  }
}

/** 3×3 tensors, row by row, one per row of the file. */
function tensorsOf({ rows, energyUnit, per }: TransportReading): Properties {
  const tensor = (from: number) =>
    rows.map((row) => [row.slice(from, from + 3), row.slice(from + 3, from + 6), row.slice(from + 6, from + 9)])
  return {
    conductivityPer: per,
    ...(energyUnit === null ? {} : { chemicalPotentialsEv: rows.map((row) => (row[0] ?? Number.NaN) * energyUnit) }),
    rowTemperaturesK: rows.map((row) => row[1]),
    carriersPerCell: rows.map((row) => row[2]),
    conductivity: tensor(3),
    seebeckVoltPerKelvin: tensor(12),
    electronicThermalConductivity: tensor(21),
  }
}
