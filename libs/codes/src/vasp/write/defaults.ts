import { EV_PER_RYDBERG, type InputProblem, type PseudopotentialFile, type Structure } from '@crystalmath/contract/plain'
import type { LatticeStructure } from '@crystalmath/structures'
import { parameterProblem } from '../../writing/problems.ts'
import { CALCULATIONS, DISPERSIONS, FUNCTIONALS, protocolOf, type Tags } from '../presets.ts'
import { SOURCE_PRESETS } from '../source-presets.ts'
import type { Incar, TagValue } from './incar.ts'
import { SMEARINGS, type VaspSettings } from './settings.ts'

/** What stands in INCAR where the user says nothing. */
export function defaultIncar(settings: VaspSettings, structure: LatticeStructure, name: string | undefined): Incar {
  const source = SOURCE_PRESETS[settings.preset]
  if (source !== undefined)
    return new Map<string, TagValue>([
      ...Object.entries(source.tags(structure, settings.calculation)),
      ...(settings.smearing === undefined ? [] : Object.entries(smearingTags(settings))),
    ])
  const preset = protocolOf(settings.preset)
  const moves = /relax/.test(settings.calculation)
  const tags: Tags = {
    SYSTEM: (name ?? 'crystalmath')
      .replace(/[^A-Za-z0-9_.,+-]+/g, ' ')
      .trim()
      .slice(0, 40),
    PREC: preset.precision,
    EDIFF: Number((preset.energyEvPerAtom * structure.species.length).toPrecision(6)),
    NELM: 100,
    ALGO: 'Normal',
    LASPH: true,
    LREAL: false,
    LORBIT: 11,
    ...(moves ? { EDIFFG: -preset.forceEvPerAngstrom } : {}),
    ...smearingTags(settings),
    ...CALCULATIONS[settings.calculation],
    ...FUNCTIONALS[settings.functional]?.tags,
    ...(settings.dispersion === undefined ? {} : { IVDW: DISPERSIONS[settings.dispersion] ?? 0 }),
  }
  return new Map<string, TagValue>([...Object.entries(tags), ...momentTags(structure)])
}

/** Gaussian smearing of 0.05 eV is safe for metals and insulators alike. */
function smearingTags({ smearing }: VaspSettings): Tags {
  if (smearing === undefined) return { ISMEAR: 0, SIGMA: 0.05 }
  return { ISMEAR: SMEARINGS[smearing.kind], ...(smearing.widthEv === undefined ? {} : { SIGMA: smearing.widthEv }) }
}

const momentTags = ({ initialMomentsBohr }: Structure): readonly (readonly [string, TagValue])[] =>
  initialMomentsBohr?.some((moment) => moment !== 0) === true
    ? [
        ['ISPIN', 2],
        ['MAGMOM', [...initialMomentsBohr]],
      ]
    : []

type Cutoff = { readonly value: number | null; readonly problems: readonly InputProblem[]; readonly warnings: readonly string[] }

const shownEv = (value: number): string => `${Math.round(value * 100) / 100} eV`

/** ENCUT, eV: the user's, else the largest ENMAX times the preset's factor. Below half of ENMAX it is refused, below ENMAX warned of. */
export function cutoffOf(settings: VaspSettings, user: Incar, files: readonly PseudopotentialFile[]): Cutoff {
  const given = settings.cutoffEv ?? user.get('ENCUT') ?? SOURCE_PRESETS[settings.preset]?.cutoffEv
  const enmax = files.map(({ fileName, cutoffRydberg }) => ({
    fileName,
    ev: cutoffRydberg === null ? null : cutoffRydberg * EV_PER_RYDBERG,
  }))
  const path = settings.cutoffEv === undefined ? 'incar.ENCUT' : 'cutoffEv'
  const silent = enmax.find(({ ev }) => ev === null)
  if (typeof given !== 'number') {
    if (silent !== undefined)
      return {
        value: null,
        problems: [
          parameterProblem('cutoffEv', `no cut-off is given, and ${silent.fileName} says none`, 'set parameters.cutoffEv'),
        ],
        warnings: [],
      }
    return {
      value: Math.ceil(Math.max(...enmax.map(({ ev }) => ev ?? 0)) * protocolOf(settings.preset).cutoffFactor),
      problems: [],
      warnings: [],
    }
  }
  const below = enmax.flatMap(({ fileName, ev }) => (ev !== null && given < ev - 0.01 ? [{ fileName, ev }] : []))
  const far = below.filter(({ ev }) => given < ev / 2)
  const changesCell = settings.calculation === 'vc-relax' || user.get('ISIF') === 3
  const pulay = changesCell && below.length === 0 && enmax.some(({ ev }) => ev !== null && given < 1.25 * ev)
  return {
    value: given,
    problems: far.map(({ fileName, ev }) =>
      parameterProblem(
        path,
        `${given} eV is less than half of the ${shownEv(ev)} (ENMAX) of ${fileName}: energies would be meaningless`,
        `write at least ${Math.ceil(ev)}`,
        given,
      ),
    ),
    warnings: [
      ...below
        .filter((one) => !far.includes(one))
        .map(({ fileName, ev }) => `${path} of ${given} eV is below the ${shownEv(ev)} (ENMAX) of ${fileName}`),
      ...(pulay
        ? [`${path} of ${given} eV is below 1.25 ENMAX: with a cell that changes, Pulay stress distorts the result`]
        : []),
    ],
  }
}
