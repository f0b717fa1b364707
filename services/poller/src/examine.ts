import { answerQuestions, type Bus } from '@crystalmath/bus'
import {
  ClusterSpec,
  EXAMINE_SUBJECT,
  type ExamineAnswer,
  type Finding,
  PermanentError,
  TransientError,
  type WaitingKind,
} from '@crystalmath/contract'
import { openClusterSite } from '@crystalmath/duty'
import type { Log } from '@crystalmath/service'
import type { Store } from '@crystalmath/store'

type Examining = {
  readonly bus: Bus
  readonly store: Store
  readonly log: Log
  readonly signal: AbortSignal
  readonly keyFolder: string
}

/** Answers whether a cluster that somebody is about to register could work: one connection, the doctor without a job, and away again. */
export function answerExaminations(work: Examining): void {
  answerQuestions(work.bus, EXAMINE_SUBJECT, (spec) => examine(work, ClusterSpec.parse(spec)), work.signal, 'poller')
}

async function examine({ store, log, keyFolder }: Examining, spec: ClusterSpec): Promise<ExamineAnswer> {
  let site: Awaited<ReturnType<typeof openClusterSite>> | undefined
  try {
    site = await openClusterSite({ store, keyFolder }, spec, log)
    const inventory = await site.check({ dryRun: false })
    return { inventory, findings: inventory.findings }
  } catch (error) {
    if (!(error instanceof TransientError || error instanceof PermanentError)) throw error
    log.info({ err: error, cluster: spec.name }, 'a cluster to be registered cannot be reached')
    return { inventory: null, findings: [unreachable(error, spec)] }
  } finally {
    await site?.close()
  }
}

const MENDS: Partial<Record<WaitingKind, string>> = {
  HOST_KEY_CHANGED: 'ask the site whether it renewed its key, then register ssh.hostKeys with the new one',
}

function unreachable({ message, waitingFor }: TransientError | PermanentError, { ssh }: ClusterSpec): Finding {
  const mend =
    (waitingFor === null ? undefined : MENDS[waitingFor]) ??
    `look at ssh.host, ssh.port and ssh.user, whether "ssh -p ${ssh.port} ${ssh.user}@${ssh.host} true" works from where the services run, and whether the key ${ssh.key} lies in their key folder and is allowed there`
  return { item: 'REACHABILITY', severity: 'error', evidence: message, mend }
}
