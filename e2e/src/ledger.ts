import type { JobView } from '@crystalmath/contract'
import type { Testbed } from '@crystalmath/testbed'

/** What ran, by the word of the runs themselves: each attempt's own command writes a line when it starts and one when it ends. */
export type LedgerLine = {
  readonly what: 'start' | 'end'
  readonly job: string
  readonly attempt: number
  readonly nativeId: string
  readonly atSeconds: number
}

/** A script that enters itself in the ledger of the site's user and then works for a while. */
export const ledgerScript = (seconds: number, then = ''): string => `here=$PWD
attempt=\${here##*/}
here=\${here%/*}
job=\${here##*/}
enter() { echo "$1 $job $attempt \${SLURM_JOB_ID:-$$} $(date +%s.%N)" >>"$HOME/ledger"; }
enter start
sleep ${seconds}
${then}
enter end
`

export async function readLedger(site: Testbed): Promise<readonly LedgerLine[]> {
  const { stdout } = await site.login('cat "$HOME/ledger" 2>/dev/null || :')
  return stdout.split('\n').flatMap((line): LedgerLine[] => {
    const [, what, job, attempt, nativeId, at] = /^(start|end) (\S+) (\d+) (\S+) (\S+)$/.exec(line) ?? []
    if (what === undefined || job === undefined || nativeId === undefined) return []
    return [{ what: what === 'start' ? 'start' : 'end', job, attempt: Number(attempt), nativeId, atSeconds: Number(at) }]
  })
}

export type Verdict = {
  /** Attempts that were started more than once, and jobs that ran more attempts than anything explains. */
  readonly doubled: readonly string[]
  /** Jobs that are not over, or over without having run to their end. */
  readonly lost: readonly string[]
  /** Jobs called completed whose run never wrote its end, or called failed although it did. */
  readonly falseEnds: readonly string[]
}

/** Holds what the platform says against what the runs wrote. `explained` are jobs whose further attempts an injected fault explains; `mayFail` are those that were made to fail. */
export function judgeLedger(
  jobs: readonly JobView[],
  ledger: readonly LedgerLine[],
  explained: ReadonlySet<string> = new Set(),
  mayFail: (job: JobView) => boolean = () => false,
): Verdict {
  const doubled: string[] = []
  const lost: string[] = []
  const falseEnds: string[] = []
  for (const job of jobs) {
    const { id, status, attempt } = job
    const lines = ledger.filter((line) => line.job === id)
    for (let n = 1; n <= attempt; n += 1) {
      const starts = lines.filter((line) => line.what === 'start' && line.attempt === n)
      if (starts.length > 1)
        doubled.push(`${id}.${n} started ${starts.length} times: ${starts.map(({ nativeId }) => nativeId).join(', ')}`)
    }
    const finished = lines.some((line) => line.what === 'end' && line.attempt === attempt)
    if (attempt > 1 && !explained.has(id)) doubled.push(`${id} took ${attempt} attempts and nothing explains it`)
    if (status === 'completed' && !finished) falseEnds.push(`${id} is completed and never wrote its end`)
    else if (status === 'failed' && finished) falseEnds.push(`${id} is failed and wrote its end`)
    else if (status !== 'completed' && !(status === 'failed' && mayFail(job)))
      lost.push(`${id} is ${status}, attempt ${attempt}: ${job.verdict ?? job.waitingFor?.because ?? ''} (${job.evidence.said})`)
  }
  return { doubled, lost, falseEnds }
}
