import { readFile } from 'node:fs/promises'
import { type ClusterSpec, PermanentError, slices } from '@crystalmath/contract'
import { schedulerFor } from '@crystalmath/schedulers'
import { connect } from '@crystalmath/ssh'
import { cancelJobs, setHold } from './cancel.ts'
import { claimAll } from './claiming.ts'
import { check } from './doctor/index.ts'
import { FETCH_TIMING, fetchOutputs } from './fetch.ts'
import { listFiles, tail } from './files.ts'
import { type Ground, nowIso } from './ground.ts'
import { tendPilots } from './hand-pilots.ts'
import { spoolOf } from './place.ts'
import { listAccounting, listQueue, look, lookUp } from './queues.ts'
import { remote, whole } from './remote.ts'
import { takeRoot } from './root.ts'
import { signsOf } from './signs.ts'
import type { Site } from './site.ts'
import { ampleSiteLoad } from './site-load.ts'
import type { SiteOptions } from './site-options.ts'
import { stageAll, stageBatch } from './stage.ts'
import { watch } from './watch.ts'
import { withdraw } from './withdraw.ts'

/** Tokens in one command. */
const SETTLE_BATCH = 500

/** Opens one account of one cluster. Nothing is connected before the first command. */
export async function openSite(spec: ClusterSpec, options: SiteOptions): Promise<Site> {
  const privateKey = 'text' in options.key ? options.key.text : await readKey(options.key.file)
  const { host, port, user } = spec.ssh
  const hostKeys = [...spec.ssh.hostKeys, ...(options.knownHostKeys ?? [])]
  const load = options.load ?? ampleSiteLoad()
  let schedulerCommands = 0
  return siteOn(
    {
      link: connect({ host, port, user, privateKey, hostKeys }, { ...options.link, load }),
      load,
      spec,
      scheduler: schedulerFor(spec.scheduler, { root: spec.root }),
      account: user,
      root: spec.root,
      spool: `${spec.root}/${spoolOf(user)}`,
      spent: (commands) => {
        schedulerCommands += commands
      },
    },
    options,
    () => schedulerCommands,
  )
}

async function readKey(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    throw new PermanentError(`the private key ${file} cannot be read`, { cause: error, waitingFor: 'SSH_DOWN' })
  }
}

function siteOn(ground: Ground, options: SiteOptions, schedulerCommands: () => number): Site {
  const { link, spec, root, spool, load } = ground
  const fetchTiming = { ...FETCH_TIMING, ...options.fetchTiming }
  const site: Site = {
    spec,
    takeRoot: (owner) => takeRoot(ground, owner),
    stage: (attempts) => stageAll(ground, attempts),
    stageBatch: (batch) => stageBatch(ground, batch),
    claim: (claims) => claimAll(ground, options.owner, claims),
    lookUp: (places) => lookUp(ground, places),
    cancel: (targets) =>
      cancelJobs(
        ground,
        targets.map(({ place }) => place),
      ),
    withdraw: (places) => withdraw(ground, places),
    tendPilots: (pilots) => tendPilots(ground, pilots),
    setHold: (nativeId, held) => setHold(ground, nativeId, held),
    listQueue: () => listQueue(ground),
    listAccounting: (tokens, sinceSeconds) => listAccounting(ground, tokens, sinceSeconds),
    look: (places) => look(ground, places),
    signs: (places) => signsOf(link, root, places),
    watch: (onNews, signal) => watch(link, { spool, onNews, signal }),
    fetch: (wanted, onFetched) => fetchOutputs(link, root, wanted, onFetched, fetchTiming),
    async settleSpool(tokens) {
      for (const some of slices(tokens, SETTLE_BATCH))
        whole(await link.run(remote('settle.sh', [spool, nowIso().slice(0, 10), ...some])), 'settling the spool')
    },
    listFiles: (place) => listFiles(link, root, place),
    tail: (place, path, bytes) => tail(link, { root, place, path, bytes }),
    check: ({ dryRun }) => check(link, { spec, scheduler: ground.scheduler, options, site, dryRun }),
    counts() {
      const { connections, commands } = link.counts()
      return { connections, remoteCommands: commands, schedulerCommands: schedulerCommands() }
    },
    async close() {
      link.close()
      load.close()
    },
  }
  return site
}
