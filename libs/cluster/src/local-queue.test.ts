import { NativeId, Resources, type Token } from '@crystalmath/contract'
import { schedulerFor } from '@crystalmath/schedulers'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type LoginNode, loginNode, placeOf, until } from './in-dash.ts'
import { readScript } from './read-script.ts'

const token = placeOf('1').token
const resources = Resources.parse({})

let node: LoginNode
beforeEach(async () => {
  node = await loginNode()
  await node.write('.queue/queue.sh', readScript('local-queue.sh'))
  await node.write('.queue/capacity', '2\n')
})
afterEach(async () => {
  const { list, kill } = words().cancel({ account: 'alice', tokens: [token, other, third] })
  const ids = (await ask(list)).stdout.split('\n').filter(Boolean)
  if (ids.length > 0) await ask([...kill, ...ids])
  await until('the queue to be empty', async () => (await rows()).every(({ state }) => state === 'ended'))
  await node.remove()
})

const other = placeOf('2').token
const third = placeOf('3').token
const words = () => schedulerFor('local', { root: node.root })
const ask = (argv: readonly string[]) => node.run('"$@"', argv)
const rows = async (tokens: readonly Token[] = []) => {
  const question = words().queue({ account: 'alice', tokens })
  const { rows, trouble } = question.read({ ...(await ask(question.argv)), complete: true })
  expect(trouble).toBeNull()
  return rows
}
const stateOf = async (id: string) => (await rows()).find(({ nativeId }) => nativeId === id)

async function submit(
  script: string,
  more: { readonly name?: Token; readonly ranks?: number; readonly seconds?: readonly [number, number] } = {},
) {
  const { name = token, ranks = 1 } = more
  await node.write(`${name}/job.sh`, script)
  const { argv } = words().submit(name, { ...resources, ranks })
  const [limit, early] = more.seconds ?? [argv[5], argv[6]]
  const timed = [...argv.slice(0, 5), String(limit), String(early), 'job.sh']
  const { stdout, exitCode } = await node.run('cd "$1" && shift && "$@"', [`${node.root}/${name}`, ...timed])
  expect(exitCode).toBe(0)
  return stdout.trim()
}
const ended = (id: string, ending: string) =>
  until(`job ${id} to be ${ending}`, async () => (await stateOf(id))?.ending === ending)

describe('the local queue', () => {
  it('runs a job, and tells how it ended', async () => {
    const good = await submit('echo $CRYSTALMATH_QUEUE_JOB; echo oops >&2')
    await ended(good, 'COMPLETED')
    expect(await node.read(`${token}/job.out`)).toBe(`${good}\n`)
    expect(await node.read(`${token}/job.err`)).toBe('oops\n')
    const bad = await submit('exit 7')
    await ended(bad, 'FAILED')
    const question = words().accounting({ account: 'alice', tokens: [token] }, 600)
    const said = await ask(question?.argv ?? [])
    const records = question?.read({ ...said, complete: true }).rows
    expect(records?.map(({ nativeId, ending, exitCode }) => [nativeId, ending, exitCode])).toEqual([
      [good, 'COMPLETED', 0],
      [bad, 'FAILED', 7],
    ])
  })

  it('ends no stranger that bears the number of a job whose node was rebooted', async () => {
    await node.write('.queue/live/000000007/record', `${['7', 'RUNNING', '0', '0', '1', '1', '', '1', '', token].join('\x1f')}\n`)
    await node.write('.queue/live/000000007/alive', '')
    // a process group of its own, as a stranger's would be
    await node.run('setsid sleep 60 >/dev/null 2>&1 & echo $! >"$1"', [`${node.root}/.queue/live/000000007/pid`])
    const stranger = Number(await node.read('.queue/live/000000007/pid'))
    const { kill } = words().cancel({ account: 'alice', tokens: [token] })
    await ask([...kill, '7'])
    expect(() => process.kill(stranger, 0)).not.toThrow()
    process.kill(stranger)
    const question = words().accounting({ account: 'alice', tokens: [token] }, 600)
    const records = question?.read({ ...(await ask(question?.argv ?? [])), complete: true }).rows
    expect(records?.map(({ nativeId, ending }) => [nativeId, ending])).toEqual([['7', 'NODE_FAILED']])
  })

  it('runs no more than the cores allow, and the next when one is done', async () => {
    const wait = 'while [ ! -e ../go ]; do sleep 0.05; done'
    const ids = [await submit(wait), await submit(wait, { name: other }), await submit('true', { name: third })]
    expect((await rows()).map(({ state }) => state)).toEqual(['running', 'running', 'pending'])
    await node.write('go', '')
    for (const id of ids) await ended(id, 'COMPLETED')
  })

  it('runs what asks for more than there is alone', async () => {
    const wait = 'while [ ! -e ../go ]; do sleep 0.05; done'
    const large = await submit(wait, { ranks: 16 })
    const small = await submit('true', { name: other })
    expect((await rows()).map(({ state }) => state)).toEqual(['running', 'pending'])
    await node.write('go', '')
    await ended(large, 'COMPLETED')
    await ended(small, 'COMPLETED')
  })

  it('warns a job before its time is over, then ends it', async () => {
    const id = await submit('trap "echo warned" USR1; while :; do sleep 0.05; done', { seconds: [2, 1] })
    await ended(id, 'TIMEOUT')
    expect(await node.read(`${token}/job.out`)).toBe('warned\n')
  })

  it('cancels what runs, with all that it started, and what waits', async () => {
    const running = await submit(`sh -c 'while :; do date >"${node.root}/alive"; sleep 0.05; done' & wait`, { ranks: 2 })
    const waiting = await submit('echo x >ran', { name: other })
    await until('the job to run', () => node.has('alive'))
    const { list, kill } = words().cancel({ account: 'alice', tokens: [token, other] })
    const ids = (await ask(list)).stdout.trim().split('\n')
    expect(ids.sort()).toEqual([running, waiting].sort())
    await ask([...kill, ...ids])
    await ended(running, 'CANCELLED')
    await ended(waiting, 'CANCELLED')
    expect(node.has(`${other}/ran`)).toBe(false)
    const last = await node.read('alive')
    const still = await node.run('sleep 0.2; cat "$1"', [`${node.root}/alive`])
    expect(still.stdout).toBe(last)
  })

  it('holds what waits until it is released, and not what runs', async () => {
    const wait = 'while [ ! -e ../go ]; do sleep 0.05; done'
    const running = await submit(wait, { ranks: 2 })
    const id = await submit('true', { name: other })
    const hold = (which: string, held: boolean) => {
      const question = words().hold(NativeId.parse(which), held)
      return ask(question.argv).then((said) => question.read({ ...said, complete: true }))
    }
    expect((await hold(id, true)).trouble).toBeNull()
    expect((await hold(running, true)).trouble).toContain('runs already')
    await node.write('go', '')
    await ended(running, 'COMPLETED')
    expect(await stateOf(id)).toMatchObject({ state: 'pending', reason: 'JobHeldUser' })
    expect((await hold(id, false)).trouble).toBeNull()
    await ended(id, 'COMPLETED')
  })

  it('tells of a job whose supervisor was killed, as of a node that failed', async () => {
    const id = await submit('echo $$ >pid; while :; do sleep 0.05; done')
    await until('the job to run', () => node.has(`${token}/pid`))
    const { stdout } = await node.run(
      'cd /proc; for p in [0-9]*; do tr "\\0" " " <$p/cmdline 2>/dev/null | grep -q "$1 supervise $2 " && echo $p; done',
      [`${node.root}/.queue/queue.sh`, id],
    )
    process.kill(Number(stdout.trim().split('\n')[0]), 'SIGKILL')
    await ended(id, 'NODE_FAILED')
    await node.run('kill -s KILL -- "-$(cat "$1")"', [`${node.root}/${token}/pid`])
  })

  it('gives every job an id of its own, however many come at once', async () => {
    const { argv } = words().submit(token, resources)
    await node.write(`${token}/job.sh`, 'true')
    const said = await Promise.all(
      Array.from({ length: 12 }, () => node.run('cd "$1" && shift && "$@"', [`${node.root}/${token}`, ...argv])),
    )
    expect(new Set(said.map(({ stdout }) => stdout.trim())).size).toBe(12)
  })

  it('refuses a job without a script', async () => {
    const { argv, refused } = words().submit(token, resources)
    const { exitCode, stderr } = await ask(argv)
    expect(exitCode).toBe(1)
    expect(stderr).toMatch(new RegExp(refused))
  })
})
