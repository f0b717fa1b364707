import {
  ClusterCode,
  type ClusterInventory,
  JobRequest,
  type JobRequestInput,
  type PseudopotentialFile,
  Resources,
  type Structure,
} from '@crystalmath/contract'
import type { Task } from '../code-writes.ts'

/** Silicon in its primitive cell: for tests of what writes inputs. */
export const SILICON: Structure = {
  latticeAngstrom: [
    [0, 2.715, 2.715],
    [2.715, 0, 2.715],
    [2.715, 2.715, 0],
  ],
  periodic: [true, true, true],
  species: ['Si', 'Si'],
  positionsAngstrom: [
    [0, 0, 0],
    [1.3575, 1.3575, 1.3575],
  ],
}

export const pseudopotential = (
  over: Partial<PseudopotentialFile> & { readonly fileName: string; readonly element: string },
): PseudopotentialFile => ({
  kind: 'NC',
  functional: 'PZ',
  valenceElectrons: 4,
  cutoffRydberg: null,
  densityCutoffRydberg: null,
  relativistic: 'scalar',
  md5: '0123456789abcdef0123456789abcdef',
  ...over,
})

export type TaskParts = {
  readonly code: JobRequest['code']
  readonly parameters: Readonly<Record<string, unknown>>
  readonly structure?: Structure | null
  readonly request?: Partial<JobRequestInput>
  readonly files?: readonly PseudopotentialFile[]
  readonly clusterCode?: Partial<ClusterCode>
  readonly restart?: Task['restart']
}

/** A task as a service would hand it over: for tests. */
export function sampleTask({
  code,
  parameters,
  structure = SILICON,
  request = {},
  files,
  clusterCode = {},
  restart = null,
}: TaskParts): Task {
  const inventory: ClusterInventory = {
    checkedAt: '2026-01-01T00:00:00Z',
    schedulerVersion: null,
    partitions: [],
    maxArraySize: null,
    minJobAgeSeconds: null,
    killWaitSeconds: null,
    accounting: true,
    clockOffsetSeconds: 0,
    freeMebibytes: null,
    pseudopotentials: files === undefined ? {} : { [code]: [...files] },
    findings: [],
  }
  const whole = JobRequest.parse({ project: 'tests', cluster: 'alps', code, parameters, ...request })
  return {
    request: whole,
    resources: Resources.parse(whole.resources),
    structure,
    parameters,
    clusterCode: { ...ClusterCode.parse({ pseudopotentialFolder: '/sw/pseudo' }), ...clusterCode },
    inventory,
    restart,
  }
}
