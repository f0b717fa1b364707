import type { EndSentinel } from '@crystalmath/contract'
import type { Files, Member } from './folders.ts'
import type { RunJob, SlurmJob } from './slurm.ts'
import type { Process, World } from './world.ts'

const SLOTS = 2

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
    const waiting = [...(job.members ?? [])]
    const lane = async () => {
      for (;;) {
        await world.sleep(process, chance.between(100, 3_000))
        const next = isStopping ? undefined : waiting.shift()
        if (next === undefined) return
        const who = files.decide(job.token, next.token, me)
        if (who !== me && !broken.has('takesWithdrawnTickets')) continue
        await runMember(next)
      }
    }
    const runMember = async ({ token }: Member) => {
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
