import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { JobRequestInput, JobView, Structure } from '@crystalmath/contract'
import type { SiteOptions, Testbed } from '@crystalmath/testbed'
import type { Stage } from './stage.ts'

const run = promisify(execFile)

/** A cause that pw.x can be made to show, and what has to follow. */
export type ShownCause = {
  readonly name: string
  readonly site?: SiteOptions
  /** On the site, before the platform knows of it; what it returns undoes it. */
  readonly furnish?: (site: Testbed) => Promise<() => Promise<void>>
  readonly job: Partial<JobRequestInput>
  /** After the cluster was looked at, before the job is posted. */
  readonly prepare?: (stage: Stage) => Promise<void>
  /** While it runs. */
  readonly inject?: (stage: Stage, job: JobView) => Promise<void>
  readonly diagnosis: string
  /** The rule of the next attempt; null where recovery gives up. */
  readonly rule: string | null
  /** Of the job that failed. */
  readonly verdict?: RegExp
  /** The output that says so, where one does. */
  readonly saidBy?: RegExp
  readonly limitSeconds?: number
  /** Part of `npm test`. */
  readonly isQuick?: boolean
}

const cubic = (a: number): Structure => ({
  latticeAngstrom: [
    [a, 0, 0],
    [0, a, 0],
    [0, 0, a],
  ],
  species: Array.from({ length: 8 }, () => 'Si'),
  positionsAngstrom: [0, 0.25].flatMap((shift) =>
    [
      [0, 0, 0],
      [0, 0.5, 0.5],
      [0.5, 0, 0.5],
      [0.5, 0.5, 0],
    ].map(([x = 0, y = 0, z = 0]): [number, number, number] => [(x + shift) * a, (y + shift) * a, (z + shift) * a]),
  ),
})
const primitive = (a: number): Structure => ({
  latticeAngstrom: [
    [0, a / 2, a / 2],
    [a / 2, 0, a / 2],
    [a / 2, a / 2, 0],
  ],
  species: ['Si', 'Si'],
  positionsAngstrom: [
    [0, 0, 0],
    [a / 4, a / 4, a / 4],
  ],
})

const SMALL = { cutoffRydberg: 16, kMesh: [2, 2, 2], smearing: null, pseudopotentials: { Si: 'Si.pz-vbc.UPF' } }
/** Minutes on any machine: no symmetry, many k points. */
const LONG = {
  ...{ cutoffRydberg: 30, kMesh: [6, 6, 6], smearing: null, pseudopotentials: { Si: 'Si.pz-vbc.UPF' } },
  system: { nosym: true, noinv: true },
}
/** Below the home of the cluster's user: pseudopotentials that may be taken away. */
export const PSEUDO = 'pseudo'
const RESOURCES = { ranks: 1, memoryMebibytes: 700, walltimeSeconds: 300 }

export const causeJob = (stage: Stage, { name, job }: ShownCause): JobRequestInput => ({
  ...{ project: stage.project, cluster: stage.cluster, code: 'quantum-espresso', name },
  ...{ structure: primitive(5.43), parameters: SMALL, resources: RESOURCES },
  ...job,
})

/** Real causes of real runs of pw.x. */
export const CAUSES: readonly ShownCause[] = [
  {
    name: 'an SCF that is not given enough steps',
    job: { parameters: { ...SMALL, electrons: { electron_maxstep: 2, conv_thr: 1e-10 } } },
    diagnosis: 'ELECTRONIC_NOT_CONVERGED',
    rule: 'more-scf-steps',
    saidBy: /^pw\.out$/,
    isQuick: true,
  },
  {
    name: 'a pseudopotential that was removed after the job was checked',
    job: { parameters: { ...SMALL, pseudopotentials: { Si: 'Si.gone.UPF' } } },
    prepare: async ({ site }) => void (await site.login(`rm ${PSEUDO}/Si.gone.UPF`)),
    // found before anything runs: only somebody who puts it there again can go on
    diagnosis: 'PSEUDOPOTENTIAL_MISSING',
    rule: null,
    verdict:
      /^nothing was submitted: the pseudopotential of Si cannot be read on the cluster: looked for \/\S*Si\.gone\.UPF\. What helps: put the file/,
    isQuick: true,
  },
  {
    name: 'a cell that shrinks beyond its tables',
    job: {
      parameters: {
        ...SMALL,
        calculation: 'vc-relax',
        cell: { press: 4_000, cell_factor: 1.02 },
      },
    },
    diagnosis: 'RADIAL_FFT_SIGNIFICANT_VOLUME_CONTRACTION',
    rule: 'new-plane-waves',
    isQuick: true,
  },
  {
    name: 'a wall clock that is too short',
    job: { structure: cubic(5.43), parameters: LONG, resources: { ...RESOURCES, walltimeSeconds: 60 } },
    diagnosis: 'OUT_OF_WALLTIME',
    rule: 'continue',
    limitSeconds: 300,
  },
  {
    name: 'more memory than the job may use',
    job: { structure: cubic(5.43), parameters: LONG, resources: { ...RESOURCES, memoryMebibytes: 32 } },
    diagnosis: 'OUT_OF_MEMORY',
    rule: 'more-memory',
    limitSeconds: 200,
  },
  {
    name: 'a node that dies',
    job: { structure: cubic(5.43), parameters: LONG },
    inject: async ({ site }, { nativeId }) => {
      const node = (await site.admin(['squeue', '-h', '-o', '%N', '-j', nativeId ?? ''])).stdout.trim()
      await site.killNode(node)
      await site.admin(['scontrol', 'update', `nodename=${node}`, 'state=down', 'reason=test'])
    },
    diagnosis: 'NODE_FAILURE',
    rule: 'continue-elsewhere',
    limitSeconds: 240,
  },
  {
    name: 'a disk that fills up',
    furnish: async (site) => {
      const root = `${site.home}/crystalmath`
      const { stdout: id } = await run('id', ['-u', site.user])
      await run('mkdir', ['-p', root])
      await run('mount', ['-t', 'tmpfs', '-o', `size=240m,mode=700,uid=${id.trim()}`, 'tmpfs', root])
      return async () => void (await run('umount', ['-l', root]))
    },
    job: {
      structure: cubic(5.43),
      // wave functions of every k point go to the disk
      parameters: { ...LONG, kMesh: [4, 4, 4], control: { disk_io: 'high' } },
    },
    inject: async ({ site }) => void (await site.login('cat /dev/zero >"$HOME/crystalmath/filler" 2>/dev/null || :')),
    diagnosis: 'DISK_FULL',
    rule: 'retry',
    limitSeconds: 240,
  },
]
