import type { EndSentinel } from '@crystalmath/contract'
import type { Files, Member } from './folders.ts'
import type { RunJob, SlurmJob } from './slurm.ts'
import type { Process, World } from './world.ts'

const SLOTS = 2
/** Without a member to run, after which a pilot ends. */
const IDLE_MS = 30_000

export type PilotOptions = {
  readonly files: Files
  readonly run: RunJob
  readonly explain: (token: Member['token'], why: string) => void
}

/** pilot.sh, step by step: takes tickets, runs each member by its own job.sh, speaks for those that were killed. */
export const makePilot =
  (world: World, { files, run, explain }: PilotOptions): RunJob =>
  async (job, process) => {
    const { chance, time, broken } = world
    const me = `${job.id}.${job.restart}`
    if (job.restart > 0) return 76
    const living = new Map<SlurmJob, Process>()
    let isStopping = false
    process.onDeath = () => {
      for (const member of living.values()) world.kill(member, 'its pilot is no more')
    }
    job.terminate = () => {
      isStopping = true
      for (const [member, its] of living) endMember(world, member, its)
    }
    const close = () => {
      if (!files.closed.has(job.token)) files.closed.set(job.token, files.seenLater(true))
    }
    const tried = new Set<string>()
    /** Own tickets, then those that came while it lived, as soon as it sees them. */
    const nextTicket = () => {
      const fed = (files.feeds.get(job.token) ?? []).flatMap(({ value: { feed, members }, visibleMs }) =>
        visibleMs <= time.now() ? members.map(({ token }) => ({ batch: feed, token })) : [],
      )
      const own = (job.members ?? []).map(({ token }) => ({ batch: job.token, token }))
      const next = [...own, ...fed].find(({ batch, token }) => !tried.has(`${batch} ${token}`))
      if (next !== undefined) tried.add(`${next.batch} ${next.token}`)
      return next
    }
    let idleSinceMs = time.now()
    const lane = async () => {
      for (;;) {
        await world.sleep(process, chance.between(100, 3_000))
        if (isStopping) return close()
        const next = nextTicket()
        if (living.size > 0 || next !== undefined) idleSinceMs = time.now()
        if (next === undefined) {
          if (files.closed.has(job.token)) return
          if (time.now() - idleSinceMs >= IDLE_MS) close()
          continue
        }
        const who = files.decide(next.batch, next.token, me)
        if (who !== me && !broken.has('takesWithdrawnTickets')) continue
        await runMember(next)
      }
    }
    const runMember = async ({ token }: Pick<Member, 'token'>) => {
      const member: SlurmJob = { ...job, token, terminate: null }
      const its = world.spawn(`member ${token.slice(34)} of pilot ${me}`)
      living.set(member, its)
      const killed = new Promise<void>((resolve) => {
        const over = run(member, its)
        const { onDeath } = its
        its.onDeath = () => {
          onDeath?.()
          resolve()
        }
        void over.then(() => resolve())
      })
      if (world.goesWrong(world.weather.memberKilled))
        time.after(chance.between(0, 20_000), () => {
          if (!living.has(member)) return
          explain(token, 'killed inside its pilot')
          world.kill(its, 'out of memory')
        })
      watchForCancel(member, its)
      await killed
      living.delete(member)
      const folder = files.folder(token)
      if (!its.alive && process.alive && folder.end === null && folder.lock === me) {
        const end: EndSentinel = {
          owner: me,
          atSeconds: files.clusterSeconds(),
          host: 'c1',
          exitCode: 137,
          cause: 'killed',
          files: [],
        }
        folder.end = files.seenLater(end)
        files.announce({ kind: 'end', token, end })
      }
    }
    const watchForCancel = (member: SlurmJob, its: Process) => {
      time.after(1_000, () => {
        if (!living.has(member) || !process.alive) return
        const { cancel } = files.folder(member.token)
        if (cancel !== null && cancel.visibleMs <= time.now()) endMember(world, member, its)
        else watchForCancel(member, its)
      })
    }
    await Promise.all(Array.from({ length: SLOTS }, lane))
    return isStopping ? 143 : 0
  }

/** SIGTERM to its process group. */
function endMember(world: World, member: SlurmJob, its: Process): void {
  if (member.terminate === null) world.kill(its, 'SIGTERM before its trap')
  else member.terminate()
}
