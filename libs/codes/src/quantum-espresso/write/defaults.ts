import { EV_PER_RYDBERG } from '@crystalmath/contract/plain'
import type { LatticeStructure } from '@crystalmath/structures'
import { periodicityOf } from '@crystalmath/structures'
import { PREFIX, PSEUDO_FOLDER, WORK_FOLDER } from '../command.ts'
import { PRESETS } from '../presets.ts'
import { isIsolated } from './cell.ts'
import type { Namelists, Scalar } from './namelists.ts'
import { type Calculation, type PwSettings, SMEARINGS } from './settings.ts'

type Facts = {
  readonly name: string | undefined
  readonly walltimeSeconds: number
  readonly settings: PwSettings
  readonly calculation: Calculation
  readonly structure: LatticeStructure
  readonly kindCount: number
  /** Null where unknown. */
  readonly electrons: number | null
  readonly isMagnetic: boolean
  readonly user: Namelists
}

/** Seconds after which pw.x stops by itself and can be continued: a tenth of the wall time is left, 20 s to 20 min, for the last iteration. */
export const maxSeconds = (walltimeSeconds: number): number =>
  Math.floor(walltimeSeconds - Math.min(1200, Math.max(20, walltimeSeconds / 10)))

/** What stands in the namelists where the user says nothing. */
export function defaultNamelists(facts: Facts): Namelists {
  const { settings, structure, calculation } = facts
  const preset = PRESETS[settings.preset]
  const atoms = structure.species.length
  const moves = /relax|md/.test(calculation)
  return {
    control: controlOf(facts),
    system: new Map<string, Scalar>([
      ['ibrav', 0],
      ['nat', atoms],
      ['ntyp', facts.kindCount],
      ...occupationsOf(facts),
      // thermal motion leaves the symmetry of the start, and pw.x then stops: "some of the original symmetry operations not satisfied"
      ...(calculation.endsWith('md') ? [['nosym', true] as const] : []),
    ]),
    electrons: new Map<string, Scalar>([['conv_thr', Number((preset.convergenceRydbergPerAtom * atoms).toPrecision(6))]]),
    ions: moves
      ? new Map<string, Scalar>([
          ['ion_dynamics', calculation.endsWith('md') ? (calculation === 'md' ? 'verlet' : 'beeman') : 'bfgs'],
        ])
      : new Map(),
    cell: calculation.startsWith('vc-')
      ? new Map<string, Scalar>([['cell_dynamics', calculation === 'vc-md' ? 'pr' : 'bfgs']])
      : new Map(),
  }
}

function controlOf({ name, walltimeSeconds, settings, calculation, structure, user }: Facts): ReadonlyMap<string, Scalar> {
  const preset = PRESETS[settings.preset]
  const atoms = structure.species.length
  const is3d = periodicityOf(structure).every(Boolean) && !user.system.has('assume_isolated')
  return new Map<string, Scalar>([
    ['calculation', calculation],
    ...(name === undefined ? [] : [['title', name.replace(/[^\x20-\x7e]+/g, ' ').slice(0, 70)] as const]),
    ['verbosity', calculation === 'nscf' || calculation === 'bands' ? 'high' : 'low'],
    ['restart_mode', 'from_scratch'],
    ['outdir', `./${WORK_FOLDER}`],
    ['prefix', PREFIX],
    ['pseudo_dir', `./${PSEUDO_FOLDER}`],
    ['max_seconds', maxSeconds(walltimeSeconds)],
    ...(calculation === 'scf' || calculation === 'relax' ? [['tprnfor', true] as const, ['tstress', is3d] as const] : []),
    ...(calculation.endsWith('relax')
      ? [
          ['etot_conv_thr', Number((preset.energyRydbergPerAtom * atoms).toPrecision(6))] as const,
          ['forc_conv_thr', preset.forceRydbergPerBohr] as const,
        ]
      : []),
  ])
}

/** Smearing unless told otherwise: with fixed occupations a metal with an even number of electrons gives a wrong energy without a word. */
function occupationsOf({ settings, structure, electrons, isMagnetic, user }: Facts): readonly (readonly [string, Scalar])[] {
  const { smearing } = settings
  const isClosedShell = isIsolated(structure) && !isMagnetic && electrons !== null && electrons % 2 === 0
  if (user.system.has('occupations')) return []
  if (smearing === null || (smearing === undefined && isClosedShell && !user.system.has('degauss')))
    return [['occupations', 'fixed']]
  const width = smearing?.widthEv ?? PRESETS[settings.preset].smearingWidthEv
  return [
    ['occupations', 'smearing'],
    ['smearing', SMEARINGS[smearing?.kind ?? 'cold']],
    ['degauss', Number((width / EV_PER_RYDBERG).toPrecision(10))],
  ]
}
