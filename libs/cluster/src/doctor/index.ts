import type { ClusterInventory, ClusterSpec } from '@crystalmath/contract'
import type { Scheduler } from '@crystalmath/schedulers'
import type { SshLink } from '@crystalmath/ssh'
import type { SiteOptions } from '../open-site.ts'
import { asking, clockOf, theClock, together } from '../remote.ts'
import { listLibraries } from './pseudopotentials.ts'

export type Patient = {
  readonly spec: ClusterSpec
  readonly scheduler: Scheduler
  readonly options: SiteOptions
  readonly dryRun: boolean
}

export async function check(link: SshLink, { spec, scheduler, options }: Patient): Promise<ClusterInventory> {
  const asked = together([theClock, asking(scheduler.limits), asking(scheduler.partitions)])
  const libraries = await listLibraries(link, spec, options.readPseudopotential)
  const before = Date.now()
  const answer = await link.run(asked.remote)
  const [clock, limits, partitions] = asked.read(answer)
  const read = limits === undefined ? null : scheduler.limits.read(limits).value
  const now = clock === undefined ? null : clockOf(clock)
  return {
    checkedAt: new Date(before).toISOString(),
    schedulerVersion: read?.version ?? null,
    partitions: [...((partitions === undefined ? null : scheduler.partitions.read(partitions).value) ?? [])],
    maxArraySize: read?.maxArraySize ?? null,
    minJobAgeSeconds: read?.minJobAgeSeconds ?? null,
    killWaitSeconds: read?.killWaitSeconds ?? null,
    accounting: read?.accounting ?? false,
    clockOffsetSeconds: now === null ? 0 : now - (before + Date.now()) / 2_000,
    freeMebibytes: null,
    pseudopotentials: Object.fromEntries(libraries.map(({ code, files }) => [code, [...files]])),
    findings: [],
  }
}
