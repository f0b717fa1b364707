import type { CalculationResult, Diagnosis, Dos, Properties } from '@crystalmath/contract'
import type { Reading } from '../../code-reads.ts'
import { newest } from '../../reading/newest.ts'
import { emptyResult } from '../../reading/result.ts'
import { agreementOf } from './agreement.ts'
import type { Reported } from './reported.ts'

export type QeReading = Reading<string, Reported>

/** The most telling first: a text output says how the run went, the XML has more digits, tables only add. */
const ORDER: readonly string[] = ['pw-output', 'suite-output', 'data-file-schema', 'data-file', 'dynamics', 'crash']

/**
 * One calculation from the files of a directory. The newest text output of pw.x that is no mere band structure decides (without one the
 * newest of the next kind); its XML fills what the text does not say where both tell of the same step, else the two disagree. Programs that
 * ran after it add their properties, and what they say of their end.
 */
export function combine(readings: readonly QeReading[]): CalculationResult {
  const main = decisive(readings)
  if (main === null) return emptyResult('quantum-espresso')
  const others = readings.filter((reading) => reading !== main && !isImage(reading))
  const later = others.filter(({ kind, modifiedMs }) => kind === 'suite-output' && (modifiedMs ?? 0) >= (main.modifiedMs ?? 0))
  const tables = others.filter(({ kind }) => kind === 'suite-output' || !ORDER.includes(kind))
  let result = main.value.result
  if (main.kind === 'pw-output')
    result = withXml(
      result,
      others.filter(({ kind }) => kind === 'data-file-schema'),
    )
  result = withEnds(withProperties(result, tables), later)
  if (result.termination !== 'normal') result = withImages(result, readings.filter(isImage))
  return withCrash(
    result,
    main,
    others.filter(({ kind }) => kind === 'crash'),
  )
}

function decisive(readings: readonly QeReading[]): QeReading | null {
  for (const kind of ORDER) {
    const ofKind = readings.filter((reading) => reading.kind === kind && !isImage(reading))
    const found = newest(ofKind.filter(({ value }) => value.isBands !== true)) ?? newest(ofKind)
    if (found !== null) return found
  }
  return readings[0] ?? null
}

/** Outputs of the images of a path stand in folders of their own, and belong to neb.x. */
const isImage = ({ value }: QeReading): boolean => value.isImage === true

/** Why a path failed may stand in the outputs of its images alone. */
function withImages(result: CalculationResult, images: readonly QeReading[]): CalculationResult {
  return { ...result, diagnoses: [...result.diagnoses, ...images.flatMap(({ value }) => value.result.diagnoses)] }
}

/** Errors of programs that ran later in the same folder. */
function withEnds(result: CalculationResult, later: readonly QeReading[]): CalculationResult {
  let { termination, diagnoses } = result
  for (const { value } of later) {
    diagnoses = [...diagnoses, ...value.result.diagnoses]
    if (termination === 'normal') termination = value.result.termination
  }
  return { ...result, termination, diagnoses }
}

/** Members that the XML may fill: of the same step, or of the whole run. */
const FILLED = [
  'forcesEvPerAngstrom',
  'maxForceEvPerAngstrom',
  'maxFreeForceEvPerAngstrom',
  'stressGpa',
  'pressureGpa',
  'structure',
  'formula',
  'atomCount',
  'volumeAngstrom3',
  'entropyTermEv',
  'fermiEnergyEv',
  'vbmEv',
  'cbmEv',
  'bandGapEv',
  'bandGapDirect',
  'bandGapSource',
  'totalMagnetizationBohr',
  'totalMagnetizationVectorBohr',
  'mpiRankCount',
  'threadsPerRank',
  'coreCount',
  'wallSeconds',
  'cpuSeconds',
  'coreHours',
] as const satisfies readonly (keyof CalculationResult)[]

/** Of several XML files (of the run, of an earlier one, copies) the one that agrees is taken. */
function withXml(text: CalculationResult, files: readonly QeReading[]): CalculationResult {
  const judged = files.map((reading) => ({ reading, ...agreementOf(text, reading.value.result) }))
  const agreeing = judged.find(({ verdict }) => verdict === 'agrees')
  if (agreeing !== undefined) return filledFrom(text, agreeing.reading.value.result)
  const disagreeing = judged.find(({ verdict }) => verdict === 'disagrees')
  if (disagreeing !== undefined)
    return { ...text, diagnoses: [...text.diagnoses, disagreement(disagreeing.reading.file, disagreeing.because)] }
  const other = judged.map(
    ({ reading, because }) => `${reading.file}: of another step or run (${because}); nothing is taken from it`,
  )
  return { ...text, warnings: [...text.warnings, ...other.slice(0, 1)] }
}

function filledFrom(text: CalculationResult, xml: CalculationResult): CalculationResult {
  const filled = Object.fromEntries(
    FILLED.filter((name) => text[name] === null && xml[name] !== null).map((name) => [name, xml[name]]),
  )
  return {
    ...text,
    ...filled,
    structure: finerStructure(text, xml),
    method: text.method === null ? xml.method : { ...xml.method, ...withoutNulls(text.method), ...finerNumbers(text, xml) },
    properties: { ...xml.properties, ...text.properties },
  }
}

/** Printed with four decimals, in rydberg. */
const ROUNDED = ['cutoffEv', 'densityCutoffEv', 'smearingWidthEv'] as const
const ROUNDING_EV = 1e-3

/** A width of 0.0367 Ry is 0.4993 eV, where 0.5 eV was asked for: what differs by its rounding alone comes from the XML, which has all digits. */
function finerNumbers({ method: text }: CalculationResult, { method: xml }: CalculationResult): Partial<Record<string, number>> {
  const pairs = ROUNDED.map((name) => [name, text?.[name], xml?.[name]] as const)
  return Object.fromEntries(
    pairs.flatMap(([name, rounded, exact]) =>
      typeof rounded === 'number' && typeof exact === 'number' && Math.abs(rounded - exact) < ROUNDING_EV ? [[name, exact]] : [],
    ),
  )
}

const disagreement = (file: string, because: string): Diagnosis => ({
  kind: 'SOURCES_DISAGREE',
  message: `the XML and the text output tell different things of the same step: ${because}`,
  evidence: { file, line: null, text: because },
})

/** The XML has all digits of the geometry, the text knows labels and constraints as well. */
function finerStructure(text: CalculationResult, xml: CalculationResult): CalculationResult['structure'] {
  if (text.structure === null || xml.structure === null) return text.structure ?? xml.structure
  return {
    ...text.structure,
    latticeAngstrom: xml.structure.latticeAngstrom,
    positionsAngstrom: xml.structure.positionsAngstrom,
    ...(xml.structure.fixed === undefined ? {} : { fixed: xml.structure.fixed }),
  }
}

const withoutNulls = <T extends object>(value: T): Partial<T> =>
  Object.fromEntries(Object.entries(value).filter(([, member]) => member !== null)) as Partial<T>

/** What later programs computed from this run: DOS, phonons, dielectric tensor. */
function withProperties(result: CalculationResult, others: readonly QeReading[]): CalculationResult {
  let { properties, sites } = result
  for (const { value } of others) {
    properties = { ...value.result.properties, ...properties, ...joined(value.result.properties, properties) }
    sites = { ...value.result.sites, ...sites }
  }
  return { ...result, properties, sites }
}

/** Densities of states of several files are joined, as are the parts of a spectrum on one energy grid. */
function joined(more: Properties, known: Properties): Properties {
  const { dos, spectrum } = known
  return {
    ...(dos === undefined || more.dos === undefined ? {} : { dos: { ...joinedDos(dos, more.dos) } }),
    ...(spectrum?.energiesEv.length === more.spectrum?.energiesEv.length && spectrum !== undefined
      ? { spectrum: { ...more.spectrum, ...spectrum } }
      : {}),
  }
}

/** Projections join where the energies are the same; a total one stays the first that was found. */
function joinedDos(known: Dos, more: Dos): Dos {
  const sameGrid = known.energiesEv.length === more.energiesEv.length && known.energiesEv[0] === more.energiesEv[0]
  if (!sameGrid) return known.densities.length > 0 ? known : more
  const projected = [...(known.projected ?? []), ...(more.projected ?? [])]
  return {
    ...more,
    ...known,
    densities: known.densities.length > 0 ? known.densities : more.densities,
    ...(projected.length === 0 ? {} : { projected }),
  }
}

/** CRASH explains an output that lacks its end, and outweighs an XML without a text; a program removes an old one when it starts. */
function withCrash(result: CalculationResult, main: QeReading, crashes: readonly QeReading[]): CalculationResult {
  const isText = main.kind === 'pw-output' || main.kind === 'suite-output'
  if (main.kind === 'crash' || (isText && result.termination === 'normal')) return result
  const causes = crashes
    .flatMap(({ value }) => value.result.diagnoses)
    .filter((cause) => !result.diagnoses.some(({ kind }) => kind === cause.kind))
  if (causes.length === 0) return result
  const diagnoses = [...result.diagnoses.filter(({ kind }) => kind !== 'OUTPUT_INCOMPLETE'), ...causes]
  return { ...result, termination: isText ? result.termination : 'error', diagnoses }
}
