import type { JobRequestInput, PseudopotentialFile, Resources, Structure } from '@crystalmath/contract'
import { writesOf } from '../writes.ts'
import { pseudopotential, SILICON, sampleTask } from '../writing/sample-task.ts'
import { MGO, WATER } from './structures.ts'

/** What is asked for, in words, parameters, and what else is unusual about it. */
type Case = {
  readonly parameters: Readonly<Record<string, unknown>>
  readonly structure?: Structure | null
  readonly resources?: Partial<Resources>
  readonly files?: readonly PseudopotentialFile[]
  readonly extra?: readonly { readonly path: string; readonly text: string }[]
  /** Instead of what makes the code's other cases whole. */
  readonly bare?: boolean
}
export type Mistake = readonly [mistake: string, asked: Case['parameters'] | Case, path: string, message: RegExp, mend: RegExp]
export type Code = JobRequestInput['code']

const isCase = (asked: Case['parameters'] | Case): asked is Case =>
  typeof asked['parameters'] === 'object' && asked['parameters'] !== null
const caseOf = (asked: Case['parameters'] | Case): Case => (isCase(asked) ? asked : { parameters: asked })

export const UPF = [
  pseudopotential({ fileName: 'Si.UPF', element: 'Si', functional: 'PBE', cutoffRydberg: 30 }),
  pseudopotential({ fileName: 'Fe.UPF', element: 'Fe', functional: 'PBE', kind: 'US', valenceElectrons: 16, cutoffRydberg: 45 }),
  pseudopotential({ fileName: 'O.UPF', element: 'O', functional: 'PBE', kind: 'PAW', valenceElectrons: 6, cutoffRydberg: 50 }),
  pseudopotential({ fileName: 'C.pbe.UPF', element: 'C', functional: 'PBE', cutoffRydberg: 60 }),
  pseudopotential({ fileName: 'C.pz.UPF', element: 'C', functional: 'PZ', cutoffRydberg: 60 }),
  pseudopotential({ fileName: 'H.pz.UPF', element: 'H', functional: 'PZ', valenceElectrons: 1, cutoffRydberg: 40 }),
]
const potcar = (variant: string, element: string, valenceElectrons: number, release = 'potpaw_PBE.54') =>
  pseudopotential({
    fileName: `${release}/${variant}/POTCAR`,
    element,
    kind: 'PAW',
    functional: release.includes('LDA') ? 'LDA' : 'PBE',
    valenceElectrons,
    cutoffRydberg: 20,
  })
const POTCARS = [
  potcar('Si', 'Si', 4),
  potcar('Fe', 'Fe', 8),
  potcar('Fe_pv', 'Fe', 14),
  potcar('O', 'O', 6),
  potcar('Ge_d', 'Ge', 14),
]
export const OVERLAPS = ['mmn', 'amn', 'eig'].map((ending) => ({ path: `wannier90.${ending}`, text: 'x' }))

export const MG = '12 3\n1 0 3 2. 0.\n1 1 3 8. 0.\n1 1 3 2. 0.'
export const O = '8 2\n1 0 3 2. 0.\n1 1 3 6. 0.'

/** What every case of a code has unless it says otherwise. */
const BASE: Readonly<Record<string, Partial<Case>>> = {
  'quantum-espresso': { structure: SILICON, files: UPF },
  vasp: { structure: SILICON, files: POTCARS },
  orca: { structure: WATER },
  wannier90: { structure: SILICON, extra: OVERLAPS, parameters: { wannierFunctionCount: 4, kMesh: [2, 2, 2] } },
  crystal: { structure: MGO, parameters: { basis: { Mg: MG, O } } },
  yambo: {
    structure: SILICON,
    files: UPF,
    parameters: {
      ...{ bandCount: 20, exchangeCutoffRydberg: 30, screeningCutoffRydberg: 4, pw: { cutoffRydberg: 40, kMesh: [4, 4, 4] } },
      quasiparticles: [{ kPoints: [1, 1], bands: [4, 5] }],
    },
  },
  script: { structure: null },
}

/** What a code answers to a case: the files, or what is wrong. */
export function prepared(code: Code, asked: Case['parameters'] | Case) {
  const own = caseOf(asked)
  const base = own.bare === true ? {} : (BASE[code] ?? {})
  const {
    structure,
    resources,
    files,
    extra = [],
    parameters,
  } = {
    ...base,
    ...own,
    parameters: { ...base.parameters, ...own.parameters },
  }
  const task = sampleTask({
    code,
    parameters,
    structure: structure ?? null,
    ...(files === undefined ? {} : { files }),
    request: { extraFiles: [...extra], ...(resources === undefined ? {} : { resources }) },
  })
  const answer = writesOf(code)?.prepare(task)
  if (answer === undefined) throw new Error(`${code} writes nothing`)
  return answer
}
export type Healthy = readonly [what: string, asked: Case['parameters'] | Case]
