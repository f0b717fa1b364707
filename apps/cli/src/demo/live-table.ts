import type { JobView } from '@crystalmath/contract'
import { formatTable } from '../output/table.ts'
import { cut, formatNumber } from '../output/text.ts'

/** Draws the jobs again and again in place on a terminal; elsewhere says one line per change. */
export function openLiveTable(out: NodeJS.WriteStream) {
  let height = 0
  const said = new Map<string, string>()
  const stateOf = ({ status, attempt, endObservedAt }: JobView) =>
    `${status === 'running' && endObservedAt !== null ? 'fetching' : status}${attempt > 1 ? ` (attempt ${attempt})` : ''}`
  const draw = (jobs: readonly JobView[], seconds: number) => {
    const done = jobs.filter(({ status }) => status === 'completed').length
    const bar = `${'█'.repeat(Math.round((done / Math.max(1, jobs.length)) * 30)).padEnd(30, '░')} ${done}/${jobs.length}  ${seconds.toFixed(1)} s`
    const rows = jobs.map((job) => [
      job.name,
      stateOf(job),
      job.nativeId ?? '',
      formatNumber(job.summary?.energyEv, 6),
      cut(job.waitingFor?.because ?? job.verdict ?? job.evidence.said, 60),
    ])
    const text = `${formatTable(['job', 'state', '>slurm', '>E / eV', 'because'], rows)}\n${bar}\n`
    out.write(`${height > 0 ? `\u001b[${height}A\u001b[J` : ''}${text}`)
    height = text.split('\n').length - 1
  }
  const list = (jobs: readonly JobView[], seconds: number) => {
    for (const job of jobs) {
      if (said.get(job.id) === stateOf(job)) continue
      said.set(job.id, stateOf(job))
      out.write(
        `${seconds.toFixed(1).padStart(6)} s  ${job.name.padEnd(14)} ${stateOf(job).padEnd(22)} ${cut(job.evidence.said, 80)}\n`,
      )
    }
  }
  return { show: out.isTTY ? draw : list }
}
