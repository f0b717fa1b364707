import { GPA_PER_EV_PER_ANGSTROM3 } from '@crystalmath/contract'

/** What seven volumes of a cubic crystal with `cellsPerCube` primitive cells in its cube amount to. */
export type EquationOfState = {
  readonly volumeAngstrom3: number
  readonly latticeConstantAngstrom: number
  readonly bulkModulusGpa: number
}

/**
 * Birch–Murnaghan of third order is a cubic in y² with y = V^(−1/3): E = c0 + c1 y² + c2 y⁴ + c3 y⁶ (F. Birch, Phys. Rev. 71, 809, 1947).
 * Fitted to energies, E(V) in eV and Å³.
 */
export function fitEnergies(volumes: readonly number[], energiesEv: readonly number[], cellsPerCube: number): EquationOfState {
  const [, ...c] = leastSquares(
    volumes.map((v) => [1, v ** (-2 / 3), v ** (-4 / 3), v ** -2]),
    energiesEv,
  )
  return minimum(c, volumes, cellsPerCube)
}

/** The same curve fitted to pressures: P = −dE/dV = (2 c1 y + 4 c2 y³ + 6 c3 y⁵) y⁴ / 3, in GPa. */
export function fitPressures(volumes: readonly number[], pressuresGpa: readonly number[], cellsPerCube: number): EquationOfState {
  const c = leastSquares(
    volumes.map((v) => [1, 2, 3].map((n) => ((2 * n) / 3) * v ** (-(2 * n + 3) / 3))),
    pressuresGpa.map((p) => p / GPA_PER_EV_PER_ANGSTROM3),
  )
  return minimum(c, volumes, cellsPerCube)
}

/** Where the pressure vanishes, and V d²E/dV² there. */
function minimum(c: readonly number[], volumes: readonly number[], cellsPerCube: number): EquationOfState {
  const pressure = (v: number) => c.reduce((sum, ci, i) => sum + ci * ((2 * (i + 1)) / 3) * v ** (-(2 * (i + 1) + 3) / 3), 0)
  let [low, high] = [Math.min(...volumes), Math.max(...volumes)]
  if (pressure(low) < 0 || pressure(high) > 0) throw new RangeError('the volumes do not enclose the minimum')
  for (let i = 0; i < 200; i += 1) {
    const middle = (low + high) / 2
    if (pressure(middle) > 0) low = middle
    else high = middle
  }
  const volume = (low + high) / 2
  const step = volume * 1e-5
  const slope = (pressure(volume + step) - pressure(volume - step)) / (2 * step)
  return {
    volumeAngstrom3: volume,
    latticeConstantAngstrom: Math.cbrt(volume * cellsPerCube),
    bulkModulusGpa: -volume * slope * GPA_PER_EV_PER_ANGSTROM3,
  }
}

/** Normal equations with columns scaled to one, solved by elimination with pivoting: good to 1e-9 for four columns. */
function leastSquares(rows: readonly (readonly number[])[], values: readonly number[]): number[] {
  const width = rows[0]?.length ?? 0
  const norms = Array.from({ length: width }, (_, j) => Math.hypot(...rows.map((row) => row[j] ?? 0)))
  const scaled = rows.map((row) => row.map((x, j) => x / (norms[j] ?? 1)))
  const system = Array.from({ length: width }, (_, i) => [
    ...Array.from({ length: width }, (_, j) => scaled.reduce((sum, row) => sum + (row[i] ?? 0) * (row[j] ?? 0), 0)),
    scaled.reduce((sum, row, k) => sum + (row[i] ?? 0) * (values[k] ?? 0), 0),
  ])
  return solve(system).map((x, j) => x / (norms[j] ?? 1))
}

function solve(system: number[][]): number[] {
  const n = system.length
  for (let column = 0; column < n; column += 1) {
    const below = system.slice(column)
    const pivot = below.reduce((best, row) => (Math.abs(row[column] ?? 0) > Math.abs(best[column] ?? 0) ? row : best))
    system.splice(system.indexOf(pivot), 1)
    system.splice(column, 0, pivot)
    for (const row of system.slice(column + 1)) {
      const factor = (row[column] ?? 0) / (pivot[column] ?? 1)
      for (let j = column; j <= n; j += 1) row[j] = (row[j] ?? 0) - factor * (pivot[j] ?? 0)
    }
  }
  const x = new Array<number>(n).fill(0)
  for (let i = n - 1; i >= 0; i -= 1) {
    const row = system[i] ?? []
    const known = x.reduce((sum, xj, j) => (j > i ? sum + xj * (row[j] ?? 0) : sum), 0)
    x[i] = ((row[n] ?? 0) - known) / (row[i] ?? 1)
  }
  return x
}
