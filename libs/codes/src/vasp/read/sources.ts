import type { Reading } from '../../code-reads.ts'
import type { DoscarReading } from './doscar.ts'
import type { EigenvalReading } from './eigenval.ts'
import type { Finding } from './find-messages.ts'
import { settingNumber } from './ground-state.ts'
import type { IncarReading } from './incar.ts'
import type { KpointsReading } from './kpoints.ts'
import type { OszicarReading } from './oszicar.ts'
import type { PoscarReading } from './poscar.ts'
import type { PotcarReading } from './potcar.ts'
import type { ProcarReading } from './procar.ts'
import type { VaspRun } from './run.ts'
import type { StdoutReading } from './stdout.ts'

type Any = Reading<string, unknown>

/** The files that one result is made of. */
export type Chosen = {
  /** The one that decides. */
  readonly run: Reading<string, VaspRun> | null
  readonly others: readonly Reading<string, VaspRun>[]
  readonly oszicar: Reading<string, OszicarReading> | null
  readonly stdout: Reading<string, StdoutReading> | null
  readonly incar: Reading<string, IncarReading> | null
  readonly kpoints: Reading<string, KpointsReading> | null
  readonly kpointsOpt: Reading<string, KpointsReading> | null
  readonly poscar: Reading<string, PoscarReading> | null
  readonly contcar: Reading<string, PoscarReading> | null
  readonly eigenval: Reading<string, EigenvalReading> | null
  readonly doscar: Reading<string, DoscarReading> | null
  readonly procar: Reading<string, ProcarReading> | null
  readonly potcar: Reading<string, PotcarReading> | null
  readonly findings: readonly Finding[]
  /** Folders of a chain of images, with the runs in them. */
  readonly images: readonly { readonly folder: string; readonly run: VaspRun }[]
  readonly warnings: readonly string[]
}

const ofKind = <T>(readings: readonly Any[], kind: string): Reading<string, T>[] =>
  readings.filter((reading) => reading.kind === kind) as Reading<string, T>[]

/** The plain name first, then the newest. */
function pick<T>(readings: readonly Reading<string, T>[], plain: RegExp): Reading<string, T> | null {
  const [best = null] = [...readings].sort(
    (a, b) => Number(plain.test(b.sample.name)) - Number(plain.test(a.sample.name)) || (b.modifiedMs ?? 0) - (a.modifiedMs ?? 0),
  )
  return best
}

/** The folder that holds the run: where its main output lies, the nearest to the top. */
function folderOf(readings: readonly Any[]): string {
  for (const kinds of [['vasprun', 'outcar'], ['vaspout'], ['oszicar'], ['stdout'], ['eigenval', 'procar', 'doscar']]) {
    const folders = readings.filter(({ kind }) => kinds.includes(kind)).map(({ sample }) => sample.folder)
    if (folders.length > 0) return folders.sort((a, b) => a.split('/').length - b.split('/').length || (a < b ? -1 : 1))[0] ?? ''
  }
  return readings[0]?.sample.folder ?? ''
}

/** Where inputs lie that are not beside the outputs: above the folders of images, or in a folder of their own. */
const INPUT_FOLDERS = new Set(['', 'inputs'])
const IMAGE = /(?:^|\/)\d{2}$/

export function chooseSources(readings: readonly Any[]): Chosen {
  const folder = folderOf(readings)
  const here = readings.filter(({ sample }) => sample.folder === folder)
  const beside = readings.filter(({ sample }) => sample.folder !== folder && INPUT_FOLDERS.has(sample.folder))
  const vasprun = pick(ofKind<VaspRun>(here, 'vasprun'), /^vasprun\.xml$/i)
  const outcar = pick(ofKind<VaspRun>(here, 'outcar'), /^OUTCAR$/i)
  // it repeats what the two tell, with less of how the run ended
  const vaspout = vasprun === null && outcar === null ? pick(ofKind<VaspRun>(here, 'vaspout'), /^vaspout\.h5$/i) : null
  const [run = null, ...others] = decided([vasprun, outcar, vaspout].filter((reading) => reading !== null))
  const stdouts = newestJob(ofKind<StdoutReading>([...here, ...beside], 'stdout'))
  const main = [...stdouts].sort((a, b) => Number(b.value.started) - Number(a.value.started))[0] ?? null
  const input = <T>(kind: string, plain: RegExp, fits: (reading: Any) => boolean = () => true): Reading<string, T> | null =>
    pick(ofKind<T>(here, kind).filter(fits), plain) ?? pick(ofKind<T>(beside, kind).filter(fits), plain)
  const runs = run === null ? [] : [run, ...others]
  const images = imagesOf(readings, folder)
  return {
    run,
    others,
    oszicar: pick(ofKind<OszicarReading>(here, 'oszicar'), /^OSZICAR$/i),
    stdout: main,
    incar: input<IncarReading>('incar', /^INCAR$/i),
    kpoints: input<KpointsReading>('kpoints', /^KPOINTS$/i, (reading) => !isOptional(reading)),
    kpointsOpt: input<KpointsReading>('kpoints', /^KPOINTS_OPT$/i, isOptional),
    poscar: input<PoscarReading>('poscar', /^POSCAR$/i, isInput),
    contcar: pick(
      ofKind<PoscarReading>(here, 'poscar').filter((reading) => !isInput(reading)),
      /^CONTCAR$/i,
    ),
    eigenval: pick(ofKind<EigenvalReading>(here, 'eigenval'), /^EIGENVAL$/i),
    doscar: pick(ofKind<DoscarReading>(here, 'doscar'), /^DOSCAR$/i),
    procar: pick(ofKind<ProcarReading>(here, 'procar'), /^PROCAR$/i),
    potcar: input<PotcarReading>('potcar', /^POTCAR$/i),
    findings: [...stdouts.flatMap(({ value }) => value.findings), ...runs.flatMap(({ value }) => value.findings)],
    images,
    warnings: [...leftOut(here, runs), ...(images.length > 0 ? [] : otherFolders(readings, folder))],
  }
}

/** The runs in numbered folders, where the main one is among them, or one of them says that it is an image (the vasprun.xml above them is of one). */
function imagesOf(readings: readonly Any[], folder: string): Chosen['images'] {
  const runs = ofKind<VaspRun>(readings, 'outcar').filter(({ sample }) => IMAGE.test(sample.folder))
  const isChain = IMAGE.test(folder) || runs.some(({ value }) => (settingNumber(value.settings, 'IMAGES') ?? 0) > 0)
  return (isChain ? runs : [])
    .map(({ sample, value }) => ({ folder: sample.folder, run: value }))
    .sort((a, b) => (a.folder < b.folder ? -1 : 1))
}

/** A batch system numbers the outputs of its jobs: those of earlier jobs in the folder tell of earlier runs. */
function newestJob<T>(readings: readonly Reading<string, T>[]): readonly Reading<string, T>[] {
  const jobOf = ({ sample }: Any): number =>
    Number(
      /^slurm-(\d+)|\.[oe](\d+)$/
        .exec(sample.name)
        ?.slice(1)
        .find((id) => id !== undefined) ?? -1,
    )
  const newest = Math.max(-1, ...readings.map(jobOf))
  return readings.filter((reading) => jobOf(reading) === -1 || jobOf(reading) === newest)
}

const isOptional = ({ sample }: Any): boolean => /^KPOINTS_OPT/i.test(sample.name)
const isInput = ({ sample }: Any): boolean => !/^CONTCAR/i.test(sample.name)

/** The source with more complete steps first; with as many, the first named. */
function decided(runs: readonly Reading<string, VaspRun>[]): Reading<string, VaspRun>[] {
  return [...runs].sort((a, b) => b.value.stepCount - a.value.stepCount)
}

function leftOut(here: readonly Any[], runs: readonly Any[]): string[] {
  const unread = here.filter((reading) => (reading.kind === 'vasprun' || reading.kind === 'outcar') && !runs.includes(reading))
  return unread.map(({ file }) => `${file}: another output of the same kind; it is not part of this result`)
}

function otherFolders(readings: readonly Any[], folder: string): string[] {
  const others = readings.filter(({ kind, sample }) => (kind === 'vasprun' || kind === 'outcar') && sample.folder !== folder)
  return [...new Set(others.map(({ sample }) => sample.folder))].map(
    (other) => `${other}: a calculation of its own; it is not part of this result`,
  )
}
