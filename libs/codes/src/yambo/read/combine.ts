import type { CalculationResult, Diagnosis, Excitation, Properties, Quasiparticle, Spectrum } from '@crystalmath/contract'
import { coreHoursOf, emptyResult } from '../../reading/result.ts'
import { bandsOf } from './band-rules.ts'
import type { LogReading } from './log.ts'
import type { ReportReading } from './run.ts'
import { columnOf, type TableReading } from './table.ts'

/** An exciton is bright from this strength on, relative to the strongest of the table. */
const BRIGHT = 0.05

export type Found = {
  readonly report: ReportReading | undefined
  readonly logs: readonly LogReading[]
  readonly tables: readonly TableReading[]
}

/** The report decides; tables add what they hold in full precision, logs the errors that never reach the report. */
export function resultOf({ report, logs, tables }: Found): CalculationResult {
  const done =
    report?.done === true ||
    (report === undefined &&
      (logs.some((log) => log.done) || (logs.length === 0 && tables.length > 0 && tables.every(({ complete }) => complete))))
  const failed = report?.failed === true || logs.some((log) => log.failed && !log.done)
  const quasiparticles = quasiparticlesOf(report, tables)
  return {
    ...emptyResult('yambo'),
    codeVersion: report?.version ?? tables.find(({ version }) => version !== null)?.version ?? null,
    termination: done ? 'normal' : failed ? 'error' : 'truncated',
    ...(report === undefined ? {} : setupOf(report)),
    ...gapOf(report, quasiparticles),
    diagnoses: diagnosesOf(report, logs, tables, done),
    warnings: [...new Set([...(report?.warnings ?? []), ...logs.flatMap(({ warnings }) => [...warnings])])],
    properties: propertiesOf(report, tables, quasiparticles),
  }
}

/** A finished report is whole, whatever a log of one rank lacks. */
function diagnosesOf(
  report: ReportReading | undefined,
  logs: readonly LogReading[],
  tables: readonly TableReading[],
  done: boolean,
): Diagnosis[] {
  const all = [
    ...logs.flatMap(({ diagnoses }) => diagnoses),
    ...(report?.diagnoses ?? []),
    ...tables.flatMap(({ diagnoses }) => diagnoses),
  ]
  const errors = all.filter(({ kind }) => kind !== 'OUTPUT_INCOMPLETE')
  if (done) return errors
  return [...errors, ...(errors.length > 0 ? [] : all.filter(({ kind }) => kind === 'OUTPUT_INCOMPLETE').slice(0, 1))]
}

function setupOf(report: ReportReading): Partial<CalculationResult> {
  const { elements, ranks, threads, wallSeconds } = report
  // they stand among the first lines: a report that ends there may lack some
  const names = [...(report.volume === null ? [] : elements)].sort(([a], [b]) => (a < b ? -1 : 1))
  const cores = ranks === null ? null : ranks * (threads ?? 1)
  return {
    formula: names.length === 0 ? null : names.map(([element, count]) => `${element}${count === 1 ? '' : count}`).join(' '),
    atomCount: names.length === 0 ? null : names.reduce((sum, [, count]) => sum + count, 0),
    volumeAngstrom3: report.volume,
    mpiRankCount: ranks,
    threadsPerRank: threads,
    coreCount: cores,
    wallSeconds,
    coreHours: coreHoursOf(wallSeconds, cores),
    method: Object.keys(report.method).length === 0 ? null : report.method,
  }
}

/** Fermi level and edges on the scale of the ground-state code (YAMBO prints edges from its own zero, the Fermi level). */
function gapOf(report: ReportReading | undefined, quasiparticles: readonly Quasiparticle[]): Partial<CalculationResult> {
  const input = report?.levels.get('X')
  if (report === undefined || input === undefined) return {}
  const gw = quasiparticleGap(quasiparticles, input.filled, report.method.kPointCount ?? null)
  if (input.metallic) return { fermiEnergyEv: input.fermi, bandGapEv: 0, bandGapSource: 'mesh' }
  if (gw !== null) return { fermiEnergyEv: input.fermi, bandGapEv: gw.gap, bandGapDirect: gw.direct, bandGapSource: 'gw' }
  const { fermi, valence, conduction, direct, indirect } = input
  const gap = [direct, indirect].filter((value) => value !== null)
  if (gap.length === 0) return { fermiEnergyEv: fermi }
  return {
    fermiEnergyEv: fermi,
    vbmEv: fermi === null || valence === null ? null : fermi + valence,
    cbmEv: fermi === null || conduction === null ? null : fermi + conduction,
    bandGapEv: Math.min(...gap),
    bandGapDirect: direct === null || indirect === null ? null : direct - indirect < 1e-4,
    bandGapSource: 'mesh',
  }
}

/** Of the corrected energies, where both band edges were corrected at every k point; null otherwise. */
function quasiparticleGap(
  list: readonly Quasiparticle[],
  filled: number | null,
  kPoints: number | null,
): { gap: number; direct: boolean } | null {
  if (filled === null || kPoints === null || list.some(({ spin }) => spin !== undefined)) return null
  const edge = (band: number) => list.filter((qp) => qp.band === band && qp.quasiparticleEv !== null)
  const complete = (rows: readonly Quasiparticle[]) => new Set(rows.map(({ kPointIndex }) => kPointIndex)).size === kPoints
  const [top, bottom] = [edge(filled), edge(filled + 1)]
  if (!complete(top) || !complete(bottom)) return null
  const energy = ({ quasiparticleEv }: Quasiparticle) => quasiparticleEv ?? 0
  const vbm = top.reduce((best, qp) => (energy(qp) > energy(best) ? qp : best))
  const cbm = bottom.reduce((best, qp) => (energy(qp) < energy(best) ? qp : best))
  const gap = energy(cbm) - energy(vbm)
  return gap <= 0 ? { gap: 0, direct: false } : { gap, direct: cbm.kPointIndex === vbm.kPointIndex }
}

/** From the table `o-*.qp`, which has six decimals; the report has two. */
function quasiparticlesOf(report: ReportReading | undefined, tables: readonly TableReading[]): readonly Quasiparticle[] {
  const table = tables.find(({ content }) => content === 'qp')
  if (table === undefined) return report?.quasiparticles ?? []
  const [k, band, bare, correction] = [
    columnOf(table, 'K-point'),
    columnOf(table, 'Band'),
    columnOf(table, 'Eo'),
    columnOf(table, 'E-Eo'),
  ]
  if (k < 0 || band < 0 || bare < 0) return report?.quasiparticles ?? []
  const [energy, spin, z, width] = [
    columnOf(table, 'E'),
    columnOf(table, 'Spin', 'Spin_Pol'),
    columnOf(table, 'Z', 'Re(Z)'),
    columnOf(table, 'Width', 'Im(E)'),
  ]
  const scale = /meV/i.test(table.units[width] ?? '') ? 1e-3 : 1
  const isPlace = (cell: number | null | undefined): boolean => cell === null || cell === undefined || Math.abs(cell) < 1e9
  const rows = table.rows.filter((row) => [row[k], row[band], row[spin]].every(isPlace)) // a damaged index is no place
  return rows.map((row) => {
    const bareEv = row[bare] ?? null
    const correctionEv = correction >= 0 ? (row[correction] ?? null) : difference(row[energy] ?? null, bareEv)
    return {
      kPointIndex: Math.round(row[k] ?? 0),
      band: Math.round(row[band] ?? 0),
      ...(spin >= 0 ? { spin: Math.round(row[spin] ?? 0) } : {}),
      bareEv,
      correctionEv,
      quasiparticleEv: bareEv === null || correctionEv === null ? null : bareEv + correctionEv,
      ...(z >= 0 ? { renormalization: row[z] ?? null } : {}),
      ...(width >= 0 ? { widthEv: scaledWidth(row[width] ?? null, scale) } : {}),
    }
  })
}

const difference = (a: number | null, b: number | null): number | null => (a === null || b === null ? null : a - b)
const scaledWidth = (value: number | null, scale: number): number | null => (value === null ? null : value * scale)

function propertiesOf(
  report: ReportReading | undefined,
  tables: readonly TableReading[],
  quasiparticles: readonly Quasiparticle[],
): Properties {
  const spectrum = spectrumOf(tables)
  const excitons = excitonsOf(tables.find(({ content }) => content === 'exc'))
  const lowest = excitons.length === 0 ? null : Math.min(...excitons.map(({ energyEv }) => energyEv))
  const direct = report?.levels.get('K')?.direct ?? null
  const spinless = report?.method.spinPolarized === false
  const bands =
    report === undefined || !spinless
      ? null
      : bandsOf(report.energies, report.method.kPointCount ?? null, report.levels.get('X')?.fermi ?? null)
  return {
    ...(quasiparticles.length === 0 ? {} : { quasiparticles: [...quasiparticles] }),
    ...(spectrum === null ? {} : { spectrum }),
    ...(excitons.length === 0 ? {} : { excitations: excitons, lowestExcitonEv: lowest, opticalGapEv: brightest(excitons) }),
    ...(lowest === null || direct === null ? {} : { excitonBindingEv: direct - lowest }),
    ...gapsOf(report),
    ...(bands === null ? {} : { bands }),
  }
}

/** Gaps of each set of energies, as printed: of the input (`X`), Hartree-Fock (`HF`), of the BSE kernel (`K`). */
function gapsOf(report: ReportReading | undefined): Properties {
  const gaps = [...(report?.levels ?? [])].map(([set, { direct, indirect }]) => ({
    energies: set,
    directEv: direct,
    indirectEv: indirect,
  }))
  return gaps.length === 0 ? {} : { gapsByEnergies: gaps }
}

function spectrumOf(tables: readonly TableReading[]): Spectrum | null {
  const eps = tables.find(({ content, rows }) => content === 'eps' && rows.length > 0)
  const eel = tables.find(({ content, rows }) => content === 'eel' && rows.length > 0)
  const base = eps ?? eel
  if (base === undefined) return null
  const column = (table: TableReading, index: number) => table.rows.map((row) => row[index] ?? Number.NaN)
  const energiesEv = column(base, 0)
  const imaginary = eps === undefined ? [] : column(eps, 1)
  const real = eps === undefined ? [] : column(eps, 2)
  const loss = eel === undefined || eel.rows.length !== base.rows.length ? [] : column(eel, 1)
  if ([energiesEv, imaginary, real, loss].some((values) => values.some(Number.isNaN))) return null
  return {
    energiesEv,
    ...(imaginary.length === 0 ? {} : { epsilonImaginary: imaginary, epsilonReal: real }),
    ...(loss.length === 0 ? {} : { lossFunction: loss }),
  }
}

/** Excitons of `ypp -e s`: energy and strength. */
function excitonsOf(table: TableReading | undefined): Excitation[] {
  if (table === undefined) return []
  const energy = Math.max(0, columnOf(table, 'E', 'Energy'))
  const named = columnOf(table, 'Strength')
  const strength = named < 0 ? 1 : named
  return table.rows.flatMap((row) => {
    const energyEv = row[energy]
    return energyEv === null || energyEv === undefined ? [] : [{ energyEv, oscillatorStrength: row[strength] ?? null }]
  })
}

function brightest(excitons: readonly Excitation[]): number | null {
  const strongest = Math.max(...excitons.map(({ oscillatorStrength }) => oscillatorStrength ?? 0))
  const bright = excitons.filter(({ oscillatorStrength }) => (oscillatorStrength ?? 0) >= BRIGHT * strongest && strongest > 0)
  return bright.length === 0 ? null : Math.min(...bright.map(({ energyEv }) => energyEv))
}
