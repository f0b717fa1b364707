import { type Ending, NativeId, PermanentError, type QueueState, Resources, Token } from '@crystalmath/contract'
import { describe, expect, it } from 'vitest'
import type { Said, Scheduler } from './scheduler.ts'

/** Real output of a batch system, with one job under the token of these tests in it. */
export type Recorded = {
  /** As the batch system writes it. */
  readonly id: string
  readonly queue: Readonly<Partial<Record<QueueState, string>>>
  /** Of ended jobs, by how they ended; absent where the queue forgets them. */
  readonly ended: Readonly<Partial<Record<Ending, string>>>
  readonly accounting: Readonly<Partial<Record<Ending, string>>>
  /** Standard output of a submission that was accepted. */
  readonly accepted: string
  /** Standard error of submissions by what they mean. */
  readonly refused: readonly (readonly [string, string])[]
  readonly silent: readonly string[]
  readonly foreignLine: string
}

export const TOKEN = Token.parse('0b6f2f1e-7a50-7cc0-8f00-000000000812.1')

export const saying = (stdout: string): Said => ({ stdout, stderr: '', exitCode: 0, complete: true })

const TROUBLES: readonly (readonly [string, Said])[] = [
  ['torn', { ...saying(''), complete: false, exitCode: null }],
  ['failed', { ...saying(''), exitCode: 1, stderr: 'connect failure' }],
  ['timed out', { ...saying(''), exitCode: 124 }],
  ['not found', { ...saying(''), exitCode: 127, stderr: 'not found' }],
  ['with an error on stderr', { ...saying(''), stderr: 'somebody: error: half of it is missing' }],
]

/** What every adapter has to keep, whatever its batch system prints. */
export const keepsTheSchedulerContract = (scheduler: Scheduler, recorded: Recorded) =>
  describe(`${scheduler.name} keeps the scheduler contract`, () => {
    const who = { account: 'alice', tokens: [TOKEN] }
    const resources = Resources.parse({ ranks: 2, walltimeSeconds: 90 })

    it.each(Object.entries(recorded.queue))('reads a %s job in the queue', (state, stdout) => {
      const { rows, complete, trouble } = scheduler.queue(who).read(saying(stdout))
      expect({ complete, trouble }).toEqual({ complete: true, trouble: null })
      expect(rows.find(({ nativeId }) => nativeId === recorded.id)).toMatchObject({ name: TOKEN, state })
    })

    it.each(Object.entries(recorded.ended))('reads in the queue that a job ended as %s', (ending, stdout) => {
      const { rows } = scheduler.queue(who).read(saying(stdout))
      expect(rows.find(({ nativeId }) => nativeId === recorded.id)).toMatchObject({ state: 'ended', ending })
    })

    it.each(Object.entries(recorded.accounting))('reads in the accounting that a job ended as %s', (ending, stdout) => {
      const reading = scheduler.accounting(who, 60)?.read(saying(stdout))
      expect(reading?.trouble).toBeNull()
      expect(reading?.rows.find(({ nativeId }) => nativeId === recorded.id)).toMatchObject({ name: TOKEN, ending })
    })

    it.each(TROUBLES)('never takes a listing that is %s for an empty one', (_, said) => {
      const readings = [scheduler.queue(who).read(said), scheduler.accounting(who, 60)?.read(said)]
      for (const reading of readings.filter((one) => one !== undefined)) {
        expect(reading.complete).toBe(false)
        expect(reading.trouble).not.toBeNull()
      }
    })

    it('takes an answer with nothing in it for an empty queue', () => {
      expect(scheduler.queue({ account: 'alice', tokens: [] }).read(saying(''))).toEqual({
        rows: [],
        complete: true,
        trouble: null,
      })
    })

    it('does not pass over a line that it does not understand', () => {
      const { complete, trouble } = scheduler.queue(who).read(saying(recorded.foreignLine))
      expect(complete).toBe(false)
      expect(trouble?.said).toContain(recorded.foreignLine.trim().slice(0, 20))
    })

    it('submits job.sh under the token, as words', () => {
      const { argv } = scheduler.submit(TOKEN, resources)
      expect(argv.at(-1)).toBe('job.sh')
      expect(argv.join(' ')).toContain(TOKEN)
    })

    it('finds the id in what the submission said', () => {
      // the words are for sed; this reads them as sed does
      const { idFrom } = scheduler.submit(TOKEN, resources)
      const [, pattern = ''] = /^s\/(.*)\/\\1\/p$/.exec(idFrom) ?? []
      const regex = new RegExp(
        pattern.replaceAll('\\(', '(').replaceAll('\\)', ')').replaceAll('\\{', '{').replaceAll('\\}', '}'),
      )
      const id = recorded.accepted.split('\n').flatMap((line) => regex.exec(line)?.[1] ?? [])
      expect(id).toEqual([recorded.id])
      expect(NativeId.safeParse(id[0]).success).toBe(true)
    })

    it.each(recorded.refused)('knows that "%s" means %s, and that nothing was submitted', (said, reason) => {
      const words = scheduler.submit(TOKEN, resources)
      expect(said).toMatch(new RegExp(words.refused, 'm'))
      expect(said).not.toMatch(new RegExp(words.silent, 'm'))
      expect(words.reasonFor(said)).toBe(reason)
    })

    it.each(recorded.silent)('knows that "%s" proves nothing', (said) => {
      expect(said).toMatch(new RegExp(scheduler.submit(TOKEN, resources).silent, 'm'))
    })

    it('lets no directive in that is none of the harmless ones', () => {
      for (const directive of [
        '--wrap=rm',
        '--export=ALL',
        '--job-name=x',
        '--constraint=a b',
        '-p',
        '--chdir=/',
        '--output=/etc/x',
        '#',
      ]) {
        const asked = Resources.parse({ extraDirectives: [directive] })
        expect(() => scheduler.submit(TOKEN, asked)).toThrow(PermanentError)
      }
    })

    it('cancels by name', () => {
      const { list, kill } = scheduler.cancel(who)
      expect(list.join(' ')).toContain(TOKEN)
      expect(kill.length).toBeGreaterThan(0)
    })

    it('names the execution that runs, with its restarts', () => {
      expect(scheduler.owner).toMatch(/^\$[({].*[)}]\..+$/)
    })
  })
