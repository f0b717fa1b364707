import { atomicNumberOf, type LatticeStructure } from '@crystalmath/structures'
import { MP_MOMENTS, MP_OTHER_MOMENT } from '../writing/moment-table.ts'
import { MP_HUBBARD, MP_VARIANTS, PBE_64_VARIANTS, QUACC_MOMENTS, QUACC_OTHER_MOMENT, QUACC_VARIANTS } from './source-tables.ts'
import { type DensityMesh, densityMesh } from './write/density-mesh.ts'
import type { TagValue } from './write/incar.ts'

type Tags = Readonly<Record<string, TagValue>>

/** What another program renders, key by key; `npm run trials -- --only presets` compares the two on 30 structures. */
export type SourcePreset = {
  /** Of the program whose rendering it is. */
  readonly version: string
  /** Kinds of calculation that the source has; the first is the usual one. */
  readonly calculations: readonly string[]
  /** ENCUT. */
  readonly cutoffEv: number
  /** Atoms are grouped by element. */
  tags(structure: LatticeStructure, calculation: string): Tags
  /** Null: KSPACING stands among the tags. */
  mesh(structure: LatticeStructure): DensityMesh | null
  readonly variants: ReadonlyMap<string, string>
  /** Folders of POTCARs of the release that the source was made with. */
  readonly release: RegExp
  readonly releaseName: string
}

const largestNumber = ({ species }: LatticeStructure): number =>
  Math.max(0, ...species.map((symbol) => atomicNumberOf(symbol) ?? 0))
const product = ({ mesh: [a, b, c] }: DensityMesh): number => a * b * c

const momentsOf = ({ species, initialMomentsBohr }: LatticeStructure, table: ReadonlyMap<string, number>, other: number) =>
  initialMomentsBohr === undefined ? species.map((symbol) => table.get(symbol) ?? other) : [...initialMomentsBohr]

/** d shells get U in oxides and fluorides; without any U no tag of it is written. */
function hubbardTags({ species }: LatticeStructure): Tags {
  const elements = [...new Set(species)]
  const values = elements.map((element) => MP_HUBBARD.get(element) ?? 0)
  if (!(elements.includes('O') || elements.includes('F')) || values.every((value) => value === 0)) return {}
  return {
    LDAU: true,
    LDAUTYPE: 2,
    LDAUL: elements.map((element) => (MP_HUBBARD.has(element) ? 2 : 0)),
    LDAUU: values,
    LDAUJ: elements.map(() => 0),
    LDAUPRINT: 1,
  }
}

const mixing = (structure: LatticeStructure): Tags => {
  const number = largestNumber(structure)
  return number > 56 ? { LMAXMIX: 6 } : number > 20 ? { LMAXMIX: 4 } : {}
}

const mpMesh = (structure: LatticeStructure) => densityMesh(structure, 64, true)
const quaccMesh = (structure: LatticeStructure) => densityMesh(structure, 100, false)

const QUACC_JOBS: Readonly<Record<string, Tags>> = {
  static: { LAECHG: true, LCHARG: true, LREAL: false, LWAVE: true, NEDOS: 3001, NSW: 0 },
  relax: { EDIFFG: -0.02, ISIF: 2, IBRION: 2, ISYM: 0, LCHARG: false, LREAL: false, LWAVE: false, NSW: 200, SYMPREC: 1e-6 },
}

function quaccTags(structure: LatticeStructure, calculation: string): Tags {
  const moments = momentsOf(structure, QUACC_MOMENTS, QUACC_OTHER_MOMENT)
  const isMagnetic = moments.some((moment) => Math.abs(moment) >= 0.05)
  return {
    ...{ ALGO: 'Fast', EDIFF: 1e-5, EFERMI: 'MIDGAP', GGA: 'PE', GGA_COMPAT: false, ISMEAR: 0, IVDW: 12 },
    ...{ LASPH: true, LORBIT: 11, NELM: 150, NELMIN: 3, PREC: 'Accurate', SIGMA: 0.05 },
    ...mixing(structure),
    ...QUACC_JOBS[calculation === 'static' ? 'static' : 'relax'],
    ...(calculation === 'vc-relax' ? { ISIF: 3 } : {}),
    ...(isMagnetic ? { ISPIN: 2, MAGMOM: moments } : {}),
  }
}

export const SOURCE_PRESETS: Readonly<Record<string, SourcePreset>> = {
  /** `MPGGARelaxMaker` of atomate2 0.1.5 on pymatgen-core 2026.10.16: MPRelaxSet with a Γ-centred mesh. */
  'mp-gga-relax': {
    version: 'atomate2-0.1.5',
    calculations: ['vc-relax'],
    cutoffEv: 520,
    tags: (structure) => ({
      ...{ ALGO: 'Fast', EDIFF: 5e-5 * structure.species.length, IBRION: 2, ISIF: 3, ISPIN: 2, LASPH: true },
      ...{ LORBIT: 11, LREAL: 'Auto', LWAVE: false, NELM: 100, NSW: 99, PREC: 'Accurate', SIGMA: 0.05 },
      ISMEAR: product(mpMesh(structure)) < 4 ? 0 : -5,
      MAGMOM: momentsOf(structure, MP_MOMENTS, MP_OTHER_MOMENT),
      ...hubbardTags(structure),
      ...mixing(structure),
    }),
    mesh: mpMesh,
    variants: MP_VARIANTS,
    release: /^(potpaw_PBE|PBE|POT_GGA_PAW_PBE)$/,
    releaseName: 'potpaw_PBE',
  },
  /** `MatPesGGAStaticMaker` of atomate2 0.1.5 on pymatgen-core 2026.10.16: MatPESStaticSet. */
  'matpes-pbe-static': {
    version: 'atomate2-0.1.5',
    calculations: ['static'],
    cutoffEv: 680,
    tags: (structure) => ({
      ...{ ALGO: 'Normal', EDIFF: 1e-5, ENAUG: 1360, GGA: 'PE', ISMEAR: 0, ISPIN: 2, KSPACING: 0.22, LAECHG: true },
      ...{ LASPH: true, LCHARG: true, LMAXMIX: 6, LMIXTAU: true, LORBIT: 11, LREAL: false, LWAVE: false, NELM: 200, NSW: 0 },
      ...{ PREC: 'Accurate', SIGMA: 0.05 },
      MAGMOM: momentsOf(structure, MP_MOMENTS, MP_OTHER_MOMENT),
    }),
    mesh: () => null,
    variants: PBE_64_VARIANTS,
    release: /^(potpaw_PBE|PBE|POT_PAW_PBE)[._]?64$/,
    releaseName: 'potpaw_PBE.64',
  },
  /** `static_job` and `relax_job` of quacc 1.8.2 with its preset DefaultSetGGA. */
  DefaultSetGGA: {
    version: 'quacc-1.8.2',
    calculations: ['static', 'relax', 'vc-relax'],
    cutoffEv: 520,
    tags: quaccTags,
    mesh: quaccMesh,
    variants: QUACC_VARIANTS,
    release: /^(potpaw_PBE|PBE|POT_PAW_PBE)[._]?64$/,
    releaseName: 'potpaw_PBE.64',
  },
}
