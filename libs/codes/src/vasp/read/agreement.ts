import type { Diagnosis } from '@crystalmath/contract'
import type { Reading } from '../../code-reads.ts'
import { pressureEnergy } from './ground-state.ts'
import type { OszicarReading, OszicarStep } from './oszicar.ts'
import type { VaspRun } from './run.ts'
import type { Chosen } from './sources.ts'

/** VASP 5.2 prints TOTEN in OUTCAR with six decimals. */
const PRINTED_EV = 1.5e-6
/** OSZICAR prints eight digits. */
const PRINTED_DIGITS = 2e-7

type Checked = {
  readonly additions: readonly VaspRun[]
  readonly disagreements: readonly Diagnosis[]
  readonly warnings: readonly string[]
  /** The same step in OSZICAR. */
  readonly agreeing: OszicarStep | null
}

/** What may be added to the deciding source: files that tell the same energy at the same ionic step. */
export function checkSources(chosen: Chosen): Checked {
  const { run, others, oszicar } = chosen
  const additions: VaspRun[] = []
  const disagreements: Diagnosis[] = []
  let agreeing: OszicarStep | null = null
  if (run !== null) {
    for (const other of others) {
      const difference = runsDiffer(run, other)
      if (difference !== null) disagreements.push(difference)
      else additions.push(sameStep(run.value, other.value) ? other.value : withoutStep(other.value))
    }
    const difference = oszicar === null ? null : oszicarDiffers(run, oszicar)
    if (difference !== null) disagreements.push(difference)
    else if (oszicar?.value.stepCount === run.value.stepCount) agreeing = oszicar.value.steps.at(-1) ?? null
  }
  if (run !== null) disagreements.push(...structuresDiffer(run, chosen))
  return { additions, disagreements, agreeing, warnings: [...chosen.warnings, ...inputWarnings(chosen)] }
}

const sameStep = (a: VaspRun, b: VaspRun): boolean => a.stepCount === b.stepCount

/** What holds for the whole run only. */
const withoutStep = (run: VaspRun): VaspRun => ({ ...run, last: null, siteMoments: null, siteElectrons: null, properties: {} })

function disagree(file: string, message: string, text: string): Diagnosis {
  return { kind: 'SOURCES_DISAGREE', message, evidence: { file, line: null, text } }
}

function runsDiffer(a: Reading<string, VaspRun>, b: Reading<string, VaspRun>): Diagnosis | null {
  if (a.value.version !== null && b.value.version !== null && a.value.version !== b.value.version) {
    return disagree(b.file, `written by another version than ${a.file}`, `VASP ${b.value.version}, not ${a.value.version}`)
  }
  const [natoms, others] = [a.value.species?.length, b.value.species?.length]
  if (natoms !== undefined && others !== undefined && natoms !== others) {
    return disagree(b.file, `other atoms than in ${a.file}`, `${others} atoms, not ${natoms}`)
  }
  const step = Math.min(a.value.steps.length, b.value.steps.length)
  const [one, two] = [a.value.steps[step - 1]?.freeEnergyEv ?? null, b.value.steps[step - 1]?.freeEnergyEv ?? null]
  if (one === null || two === null || Math.abs(one - two) <= PRINTED_EV) return null
  return disagree(b.file, `another energy than ${a.file} at ionic step ${step}`, `TOTEN = ${two} eV, not ${one} eV`)
}

function oszicarDiffers(run: Reading<string, VaspRun>, other: Reading<string, OszicarReading>): Diagnosis | null {
  const step = Math.min(run.value.steps.length, other.value.steps.length)
  const one = run.value.steps[step - 1]?.freeEnergyEv ?? null
  const two = other.value.steps[step - 1]?.freeEnergyEv ?? null
  const close = (ev: number): boolean => Math.abs(ev - (two ?? Number.NaN)) <= Math.max(PRINTED_EV, PRINTED_DIGITS * Math.abs(ev))
  if (one === null || two === null || close(one)) return null
  // OSZICAR may tell the enthalpy; the cell of an earlier step is not kept
  const pressure = pressureEnergy(run.value.settings, run.value.last?.latticeAngstrom ?? null)
  if (pressure === null || (pressure !== 0 && (step < run.value.steps.length || close(one + pressure)))) return null
  return disagree(other.file, `another energy than ${run.file} at ionic step ${step}`, `F = ${two} eV, not ${one} eV`)
}

/** A CONTCAR of other atoms was written by another run. */
function structuresDiffer({ file, value }: Reading<string, VaspRun>, { contcar }: Chosen): Diagnosis[] {
  const structure = contcar?.value.structure ?? null
  if (contcar === null || structure === null || value.species === null) return []
  const [here, there] = [value.species.length, structure.positionsAngstrom.length]
  const others = contcar.value.speciesKnown && structure.species.some((element, i) => element !== value.species?.[i])
  if (here === there && !others) return []
  return [disagree(contcar.file, `other atoms than in ${file}`, `${contcar.value.comment ?? ''}: ${there} atoms, not ${here}`)]
}

/** Inputs that lie about, but are not those of this run. */
function inputWarnings({ run, poscar, incar }: Chosen): string[] {
  const warnings: string[] = []
  const [here, there] = [run?.value.species?.length, poscar?.value.structure?.positionsAngstrom.length]
  if (poscar !== null && here !== undefined && there !== undefined && here !== there) {
    warnings.push(`${poscar.file}: ${there} atoms, but ${run?.file} has ${here}`)
  }
  for (const tag of COMPARED) {
    const [asked, used] = [Number(incar?.value.tags.get(tag)), Number(run?.value.settings.get(tag))]
    if (incar !== null && Number.isFinite(asked) && Number.isFinite(used) && asked !== used) {
      warnings.push(`${incar.file}: ${tag} = ${asked}, but ${run?.file} ran with ${used}`)
    }
  }
  return warnings
}

/** Tags whose echo is exact. */
const COMPARED = ['ISPIN', 'IBRION', 'ISIF', 'NSW', 'ISMEAR', 'NELM', 'IVDW'] as const
