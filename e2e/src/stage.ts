import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Platform, startPlatform } from '@crystalmath/cli/platform'
import { type Client, openClient } from '@crystalmath/client'
import type { ClusterSpec, JobRequestInput } from '@crystalmath/contract'
import { bringUp, codesOf, type SiteOptions, type Testbed } from '@crystalmath/testbed'

/** A whole platform beside a whole cluster, for one test file or one trial. */
export type Stage = {
  readonly site: Testbed
  readonly platform: Platform
  readonly client: Client
  readonly cluster: string
  readonly project: string
  close(): Promise<void>
}

export type StageOptions = {
  readonly name: string
  readonly site?: SiteOptions
  readonly replicas?: Parameters<typeof startPlatform>[0]['replicas']
  readonly settings?: Readonly<Record<string, string>>
  /** Instead of the platform's own. */
  readonly servers?: Parameters<typeof startPlatform>[0]['servers']
  /** With the graces and intervals that we ship, not scaled down. */
  readonly isAsShipped?: boolean
  readonly queueIntervalSeconds?: number
  readonly scheduler?: ClusterSpec['scheduler']
  /** On the site, before the platform knows of it. */
  readonly beforeRegistration?: (site: Testbed) => Promise<void>
  /** Another way to the site's sshd than the straight one. */
  readonly way?: (site: Testbed) => Promise<{ readonly host: string; readonly port: number; close(): Promise<void> }>
  readonly say?: (line: string) => void
  readonly environment: Readonly<Record<string, string | undefined>>
}

/** Graces and intervals scaled down: what takes a minute on a real site takes seconds here, in the same order. */
export const SCALED_DOWN: Readonly<Record<string, string>> = {
  LEASE_TTL_SECONDS: '6',
  LOOK_SECONDS: '1',
  SWEEP_SECONDS: '1',
  UNANSWERED_SECONDS: '4',
  CLAIM_SECONDS: '35',
  REFUSED_RETRY_SECONDS: '2',
  ACCOUNTING_SECONDS: '1',
  CAUSE_SECONDS: '10',
  ABSENCE_SECONDS: '10',
  SENTINEL_SECONDS: '10',
  SWEEP_GRACE_SECONDS: '3',
}

/** Brings all of it up; what fails on the way is taken down again. */
export async function openStage({
  name,
  site: siteOptions,
  replicas,
  settings,
  servers,
  isAsShipped = false,
  queueIntervalSeconds = isAsShipped ? undefined : 2,
  scheduler = 'slurm',
  beforeRegistration,
  way,
  say,
  environment,
}: StageOptions): Promise<Stage> {
  const dataFolder = await mkdtemp(join(tmpdir(), `crystalmath-${name}-`))
  const closers: (() => Promise<void>)[] = [() => rm(dataFolder, { recursive: true, force: true })]
  const close = async () => {
    for (const one of closers.splice(0).toReversed()) await one()
  }
  try {
    const site = await bringUp({ name, ...siteOptions, ...(say === undefined ? {} : { onProgress: say }) })
    closers.push(site.down)
    await beforeRegistration?.(site)
    const reached = (await way?.(site)) ?? { host: site.host, port: site.port, close: () => Promise.resolve() }
    closers.push(reached.close)
    const platform = await startPlatform({
      dataFolder,
      environment,
      settings: { ...(isAsShipped ? {} : SCALED_DOWN), ...settings },
      ...(replicas === undefined ? {} : { replicas }),
      ...(servers === undefined ? {} : { servers }),
      ...(say === undefined ? {} : { onProgress: say }),
    })
    closers.push(platform.stop)
    const client = openClient({ url: platform.url, token: platform.token })
    await client.createProject({ id: 'e2e' })
    await client.saveCluster({
      name,
      scheduler,
      ssh: {
        host: reached.host,
        port: reached.port,
        user: site.user,
        key: await platform.addKey(site.privateKeyPath),
        hostKeys: [site.hostKey],
      },
      root: `${site.home}/crystalmath`,
      ...(queueIntervalSeconds === undefined ? {} : { queueIntervalSeconds }),
      codes: codesOf(site),
    })
    await client.checkCluster(name)
    return { site, platform, client, cluster: name, project: 'e2e', close }
  } catch (error) {
    await close()
    throw error
  }
}

export const TWO_OF_EACH = { gateway: 2, submitter: 2, poller: 2, parser: 2, recovery: 2, orchestrator: 2 } as const
/** One replica of every service: of the gateway the second, for we ask the first. */
export const standing = ({ services }: Platform) =>
  services.filter(({ replica, service }) => replica === (service === 'gateway' ? 2 : 1))

/** A job that runs a shell script on the stage's cluster. */
export const scriptJob = (
  { project, cluster }: Pick<Stage, 'project' | 'cluster'>,
  script: string,
  more: Partial<JobRequestInput> = {},
): JobRequestInput => ({
  project,
  cluster,
  code: 'script',
  parameters: { script },
  resources: { walltimeSeconds: 300, memoryMebibytes: 64 },
  ...more,
})
