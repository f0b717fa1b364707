import type { Bands, CalculationResult, Dos } from '@crystalmath/contract'

/**
 * The result without what stands for numbers that could not be read: an eigenvalue becomes null, a column that lacks one is left out,
 * and a number that is none, or a count that is not whole, is null.
 */
export function soundResult(result: CalculationResult): CalculationResult {
  const { bands, dos, ...others } = result.properties
  const warnings: string[] = []
  const counted = soundVectors(soundCounts(result, warnings), warnings)
  const [goodBands, goodDos] = [bands && soundBands(bands, warnings), dos && soundDos(dos, warnings)]
  const rest = Object.fromEntries(Object.entries(others).filter(([name, value]) => isSound(name, value, warnings)))
  if (warnings.length === 0) return result
  const properties = { ...rest, ...(goodBands && { bands: goodBands }), ...(goodDos && { dos: goodDos }) }
  return { ...counted, properties, warnings: [...result.warnings, ...warnings] }
}

const COUNTS: ReadonlySet<string> = new Set(['atomCount', 'ionicStepCount', 'mpiRankCount', 'threadsPerRank', 'coreCount'])
const METHOD_COUNTS = ['multiplicity', 'kPointCount', 'bandCount', 'basisFunctionCount'] as const

const isCount = (value: number | null | undefined): boolean =>
  value === null || value === undefined || Number.isSafeInteger(value)

/** A damaged file says `24.5` atoms, or 10²⁰ of them. */
function soundCounts(result: CalculationResult, warnings: string[]): CalculationResult {
  const { method, scfStepCounts } = result
  const wrong = Object.entries(result).flatMap(([name, value]) =>
    typeof value === 'number' && (!Number.isFinite(value) || (COUNTS.has(name) && !isCount(value))) ? [name] : [],
  )
  const wrongOfMethod = method === null ? [] : METHOD_COUNTS.filter((name) => !isCount(method[name]))
  const goodSteps = scfStepCounts.every(isCount)
  if (wrong.length + wrongOfMethod.length === 0 && goodSteps) return result
  const names = [...wrong, ...wrongOfMethod, ...(goodSteps ? [] : ['scfStepCounts'])]
  warnings.push(`not read, for no number or count is like that: ${names.join(', ')}`)
  const nulls = (keys: readonly string[]) => Object.fromEntries(keys.map((key) => [key, null]))
  return {
    ...result,
    ...nulls(wrong),
    ...(method !== null && { method: { ...method, ...nulls(wrongOfMethod) } }),
    ...(!goodSteps && { scfStepCounts: [] }),
  }
}

const VECTORS = ['structure', 'continuationStructure', 'forcesEvPerAngstrom', 'stressGpa'] as const

/** A geometry, forces or a stress of which a number is none. */
function soundVectors(result: CalculationResult, warnings: string[]): CalculationResult {
  const wrong = VECTORS.filter((name) => hasNaN(result[name]))
  if (wrong.length === 0) return result
  warnings.push(`not read, for not all of it are numbers: ${wrong.join(', ')}`)
  return { ...result, ...Object.fromEntries(wrong.map((name) => [name, null])) }
}

/** Whatever its shape: no number in it is none. */
const hasNaN = (value: unknown): boolean =>
  typeof value === 'number'
    ? !Number.isFinite(value)
    : Array.isArray(value)
      ? value.some(hasNaN)
      : typeof value === 'object' && value !== null && Object.values(value).some(hasNaN)

/** What is counted in the members of a property. */
const COUNTED: Readonly<Record<string, readonly string[]>> = {
  trajectory: ['scfStepCount'],
  quasiparticles: ['kPointIndex', 'band', 'spin'],
}

function isSound(name: string, value: unknown, warnings: string[]): boolean {
  const countable = Array.isArray(value)
    ? (COUNTED[name] ?? []).every((count) => value.every((one) => isCount(one?.[count])))
    : true
  if (countable && !hasNaN(value)) return true
  warnings.push(`${name}: not all of it are numbers: left out`)
  return false
}

type Numbers = number | readonly unknown[]

/** All the numbers in nested arrays are there and finite; `allowNull` for gaps that are told as such. */
function areFinite(value: unknown, allowNull = false): boolean {
  if (typeof value === 'number') return Number.isFinite(value)
  if (value === null) return allowNull
  if (!Array.isArray(value)) return false
  // by index: a hole in an array is no number either, and `every` skips holes
  for (let i = 0; i < value.length; i += 1) if (!areFinite(value[i], allowNull)) return false
  return true
}

function isWhole(rows: readonly unknown[], depth: number): boolean {
  for (let i = 0; i < rows.length; i += 1) {
    const row = rows[i]
    if (!Array.isArray(row) || (depth > 1 && !isWhole(row, depth - 1))) return false
  }
  return true
}

function soundBands(bands: Bands, warnings: string[]): Bands | undefined {
  const { kPoints, kWeights, eigenvaluesEv, occupations, ...rest } = bands
  if (!areFinite(kPoints) || !isWhole(eigenvaluesEv, 2)) {
    warnings.push('k points or eigenvalues of the bands are not all there: the bands are left out')
    return undefined
  }
  const keep = (numbers: Numbers | undefined, name: string): boolean => {
    if (numbers === undefined || areFinite(numbers)) return true
    warnings.push(`${name} of the bands are not all numbers: left out`)
    return false
  }
  const finite = areFinite(eigenvaluesEv, true)
  if (!finite) warnings.push('eigenvalues that are not numbers are null')
  return {
    kPoints,
    eigenvaluesEv: finite ? eigenvaluesEv : eigenvaluesEv.map((spin) => spin.map((row) => Array.from(row, orNull))),
    ...(kWeights !== undefined && keep(kWeights, 'weights') && { kWeights }),
    ...(occupations !== undefined && keep(occupations, 'occupations') && { occupations }),
    ...rest,
  }
}

const orNull = (value: number | null | undefined): number | null =>
  value === null || value === undefined || !Number.isFinite(value) ? null : value

function soundDos(dos: Dos, warnings: string[]): Dos | undefined {
  const { energiesEv, densities, integrated, projected, ...rest } = dos
  if (!areFinite(energiesEv) || !areFinite(densities)) {
    warnings.push('energies or densities of states are not all numbers: left out')
    return undefined
  }
  const goodProjections = projected?.every((one) => areFinite(one.densities) && isCount(one.site)) ?? true
  const goodIntegral = integrated === undefined || areFinite(integrated)
  if (!goodProjections) warnings.push('projected densities of states are not all numbers: left out')
  if (!goodIntegral) warnings.push('integrated densities of states are not all numbers: left out')
  return {
    energiesEv,
    densities,
    ...(integrated !== undefined && goodIntegral && { integrated }),
    ...(projected !== undefined && goodProjections && { projected }),
    ...rest,
  }
}
