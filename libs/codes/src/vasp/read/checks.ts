import type { CalculationResult, Diagnosis } from '@crystalmath/contract'
import { settingNumber } from './ground-state.ts'
import type { VaspRun } from './run.ts'
import type { Chosen } from './sources.ts'

/** custodian, LargeSigmaHandler: eV per atom. */
const LARGE_ENTROPY_EV = 1e-3
/** custodian, PotimErrorHandler: eV per atom and step. */
const LARGE_RISE_EV = 1
/** custodian, KspacingMetalHandler: 1/Å. */
const METAL_KSPACING = 0.22
/** Electrons that may be lost to numerical integration. */
const LOST_ELECTRONS = 0.01

/** Causes that no message states: they follow from the numbers and the tags, as custodian's handlers judge them. */
export function ruleDiagnoses(run: VaspRun, result: CalculationResult, chosen: Chosen): Diagnosis[] {
  const file = chosen.run?.file ?? ''
  const say = (kind: string, message: string, text: string, where = file): Diagnosis[] => [
    { kind, message, evidence: { file: where, line: null, text } },
  ]
  const number = (tag: string): number | null => settingNumber(run.settings, tag)
  const atoms = result.atomCount ?? 0
  const ismear = number('ISMEAR')
  const found: Diagnosis[] = []

  const energy = result.energyEv ?? result.unconvergedEnergyEv
  if (energy !== null && energy > 0)
    found.push(...say('POSITIVE_ENERGY', 'the energy is positive', `energy(sigma->0) = ${energy} eV`))

  const entropy = run.last?.entropyTermEv == null ? null : Math.abs(run.last.entropyTermEv)
  if (
    ismear !== null &&
    ismear >= 0 &&
    entropy !== null &&
    atoms > 0 &&
    entropy / atoms > LARGE_ENTROPY_EV &&
    number('IBRION') !== 0
  ) {
    found.push(
      ...say(
        'LARGE_SIGMA',
        'the smearing entropy exceeds 1 meV per atom: SIGMA is too large',
        `T*S = ${entropy} eV in ${atoms} atoms, SIGMA = ${number('SIGMA')}`,
      ),
    )
  }
  if (result.bandGapEv === 0 && ismear !== null && ismear < -3 && (number('NSW') ?? 0) > 1 && number('IBRION') !== -1) {
    found.push(
      ...say(
        'INCORRECT_SMEARING',
        'ions of a metal were moved with the tetrahedron method: its forces are wrong',
        `ISMEAR = ${ismear}, band gap 0`,
      ),
    )
  }
  const kspacing = settingNumber(run.given, 'KSPACING') ?? settingNumber(chosen.incar?.value.tags ?? new Map(), 'KSPACING')
  if (result.bandGapEv === 0 && kspacing !== null && kspacing > METAL_KSPACING) {
    // custodian's key for the same thing under SCAN, whose presets choose KSPACING by the gap
    const kind = /SCAN/i.test(run.settings.get('METAGGA') ?? '') ? 'SCAN_METAL' : 'KSPACING_METAL'
    found.push(...say(kind, 'the k mesh is too coarse for a metal', `KSPACING = ${kspacing}, band gap 0`))
  }
  found.push(...driftDiagnoses(run, chosen), ...riseDiagnoses(atoms, chosen), ...ensembleDiagnoses(run, chosen))
  const [counted, wanted] = [run.countedElectrons, number('NELECT')]
  if (result.electronicConverged === true && counted !== null && wanted !== null && Math.abs(counted - wanted) > LOST_ELECTRONS) {
    found.push(
      ...say(
        'WRONG_ELECTRON_COUNT',
        'the density does not hold the electrons',
        `number of electron ${counted}, NELECT = ${wanted}`,
      ),
    )
  }
  return found
}

/** Also from OUTCAR where vasprun.xml decides. */
function driftDiagnoses(run: VaspRun, { run: deciding, others }: Chosen): Diagnosis[] {
  const sources = [deciding, ...others].filter((reading) => reading !== null)
  const source = sources.find(({ value }) => value.meanDriftEvPerAngstrom !== null)
  const threshold = settingNumber(run.settings, 'EDIFFG')
  const drift = source?.value.meanDriftEvPerAngstrom ?? null
  if (
    source === undefined ||
    drift === null ||
    threshold === null ||
    threshold >= 0 ||
    (settingNumber(run.settings, 'NSW') ?? 0) <= 1
  )
    return []
  if (drift <= -threshold) return []
  const text = `mean drift of the last three steps ${drift.toFixed(6)} eV/Å, EDIFFG = ${threshold}`
  return [
    {
      kind: 'DRIFT',
      message: 'the total drift of the forces exceeds their convergence threshold',
      evidence: { file: source.file, line: null, text },
    },
  ]
}

/** An energy that leaps up between ionic steps: POTIM. */
export function riseDiagnoses(atoms: number, { oszicar }: Chosen): Diagnosis[] {
  const rise = oszicar?.value.largestRise ?? null
  if (oszicar === null || rise === null || atoms === 0 || rise.ev / atoms <= LARGE_RISE_EV) return []
  const { line, text } = rise
  return [
    {
      kind: 'POTIM',
      message: 'the energy leapt up between ionic steps: POTIM is too large',
      evidence: { file: oszicar.file, line, text },
    },
  ]
}

/** NpT by Langevin needs an executable built for it; others run another ensemble and do not echo MDALGO. */
function ensembleDiagnoses(run: VaspRun, { run: deciding, incar }: Chosen): Diagnosis[] {
  if (incar === null || deciding === null || deciding.kind !== 'outcar') return []
  const asked = settingNumber(incar.value.tags, 'MDALGO')
  if (asked !== 3 || settingNumber(run.settings, 'MDALGO') === 3 || settingNumber(run.settings, 'IBRION') !== 0) return []
  const text = 'MDALGO = 3'
  return [
    {
      kind: 'NPT_NOT_SUPPORTED_BY_BINARY',
      message: 'the executable ignored MDALGO = 3: another ensemble was run',
      evidence: { file: incar.file, line: null, text },
    },
  ]
}
