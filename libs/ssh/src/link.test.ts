import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PermanentError, TransientError } from '@crystalmath/contract'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { fingerprint, readHostKey } from './host-key.ts'
import { connect, type LinkOptions, type SshLink } from './link.ts'
import { ampleLoad, type LinkLoad } from './load.ts'
import { type ServerHabits, type TestServer, testServer } from './test-server.ts'

let folder: string
const opened: { close(): unknown }[] = []
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'link-'))
})
afterEach(async () => {
  for (const one of opened.splice(0).reverse()) await one.close()
  rmSync(folder, { recursive: true, force: true })
})

const QUICK = { timing: { connectTimeoutMs: 2_000, keepaliveMs: 500, backoffMs: [60_000] } }

async function open(habits: ServerHabits = {}, options: LinkOptions = QUICK): Promise<{ server: TestServer; link: SshLink }> {
  const server = await testServer(habits)
  const link = connect(server.target, options)
  opened.push(server, link)
  return { server, link }
}
const script = (text: string, args: readonly string[] = [], timeoutSeconds = 10) => ({ script: text, args, timeoutSeconds })

describe('a remote script', () => {
  it('gets its arguments as they are and gives back what it said', async () => {
    const { link } = await open()
    const args = ['plain', "it's", 'a b', '$HOME `id`', 'two\nlines', '', '*', '!x', '-n']
    const answer = await link.run(script('for a in "$@"; do printf "<%s>" "$a"; done; echo oh >&2; exit 3', args))
    expect(answer).toMatchObject({
      stdout: args.map((arg) => `<${arg}>`).join(''),
      stderr: 'oh\n',
      exitCode: 3,
      complete: true,
      lost: null,
    })
  })

  it('is not disturbed by what a login shell says, before and after', async () => {
    const { link } = await open({
      profile: `echo "Welcome to alps"; echo "quota: 93 %" >&2; trap 'echo logout; echo bye >&2' EXIT`,
    })
    const answer = await link.run(script('echo 812; echo careful >&2'))
    expect(answer).toMatchObject({ stdout: '812\n', stderr: 'careful\n', exitCode: 0, complete: true })
    expect(answer.noise).toContain('Welcome to alps')
    expect(answer.noise).toContain('quota: 93 %')
  })

  it('reads nothing of the channel that it comes through', async () => {
    const { link } = await open()
    expect(await link.run(script('cat; echo done'))).toMatchObject({ stdout: 'done\n', complete: true })
  })

  it('is ended there when its time is over, and its answer does not count as whole', async () => {
    const { link } = await open()
    const answer = await link.run(script('echo begun; while :; do sleep 0.1; done', [], 1))
    expect(answer).toMatchObject({ exitCode: null, complete: false })
    expect(answer.stdout).toContain('begun')
    expect(answer.lost).toContain('1 s')
  })

  it('gives a torn answer where the connection is lost under way, and does not throw', async () => {
    const { server, link } = await open()
    const marker = join(folder, 'begun')
    const answer = link.run(script('echo begun; : >"$1"; while [ -e "$1" ]; do sleep 0.05; done', [marker]))
    await expect.poll(() => existsSync(marker)).toBe(true)
    server.cut()
    expect(await answer).toMatchObject({ complete: false, exitCode: null })
    rmSync(marker)
  })

  it('has an answer that is no longer than allowed', async () => {
    const { link } = await open({}, { ...QUICK, maxAnswerBytes: 1_000 })
    const answer = await link.run(script('while :; do echo 0123456789; done'))
    expect(answer.complete).toBe(false)
    expect(answer.lost).toContain('1000 bytes')
  })
})

describe('a link', () => {
  it('makes one connection for all and queues for the sessions that the server allows', async () => {
    const heard: string[] = []
    const load: LinkLoad = { ...ampleLoad(), heard: (what, how) => heard.push(`${what} ${how}`) }
    const { server, link } = await open({ maxSessions: 3 }, { ...QUICK, load })
    const answers = await Promise.all(Array.from({ length: 20 }, (_, n) => link.run(script('echo "$1"', [String(n)]))))
    expect(answers.map(({ stdout }) => Number(stdout))).toEqual(Array.from({ length: 20 }, (_, n) => n))
    expect(server.mostSessions()).toBeLessThanOrEqual(3)
    expect(link.counts()).toEqual({ connections: 1, commands: 20 })
    expect(load.channels.limit()).toBe(3)
    expect(load.channels.used()).toBe(0)
    expect(heard).toContain('channels refused')
    expect(heard.filter((one) => one === 'channels fine')).toHaveLength(20)
  })

  it('tells of an answer that did not come in time, not of one that a lost connection tore', async () => {
    const heard: string[] = []
    const load: LinkLoad = { ...ampleLoad(), heard: (what, how) => heard.push(`${what} ${how}`) }
    const { server, link } = await open({}, { ...QUICK, load })
    const slow = { ...script('sleep 5'), timeoutSeconds: 1 }
    expect((await link.run(slow)).complete).toBe(false)
    expect(heard).toEqual(['channels late'])
    expect((await link.download(slow, async () => undefined)).complete).toBe(false)
    expect(heard).toEqual(['channels late', 'transfers late'])
    const torn = link.run(script('sleep 5'))
    await expect.poll(() => link.counts().commands).toBe(3)
    server.cut()
    expect((await torn).complete).toBe(false)
    expect(heard).toHaveLength(2)
  })

  it('has no more streams under way than its load allows', async () => {
    const load = ampleLoad()
    load.transfers.set(1)
    const { link } = await open({}, { ...QUICK, load })
    let most = 0
    const streams = Array.from({ length: 4 }, () => link.download(script('sleep 0.2'), async () => undefined))
    const timer = setInterval(() => {
      most = Math.max(most, load.transfers.used())
    }, 10)
    await Promise.all(streams)
    clearInterval(timer)
    expect(most).toBe(1)
  })

  it('connects again when the connection was lost', async () => {
    const { server, link } = await open()
    await link.run(script('true'))
    server.cut()
    await expect.poll(async () => (await link.run(script('echo back')).catch(() => null))?.stdout).toBe('back\n')
    expect(link.counts().connections).toBe(2)
  })

  it('says that the host is away, and does not knock again before its time', async () => {
    const { server, link } = await open()
    await server.close()
    await expect(link.run(script('true'))).rejects.toThrow(/ECONNREFUSED/)
    const again = link.run(script('true'))
    await expect(again).rejects.toBeInstanceOf(TransientError)
    await expect(again).rejects.toThrow(/the next try is in (60|59) s/)
    expect(link.counts().connections).toBe(1)
  })

  it('tells a refused key as something that no repetition mends', async () => {
    const { link } = await open({ acceptsKey: false })
    const answer = link.run(script('true'))
    await expect(answer).rejects.toBeInstanceOf(PermanentError)
    await expect(answer).rejects.toThrow(/refused our key .*authorized_keys/)
  })

  it('sends nothing to a host whose key changed, and shows both fingerprints', async () => {
    const server = await testServer()
    const other = await testServer()
    const link = connect({ ...server.target, hostKeys: [other.hostKeyLine] }, QUICK)
    opened.push(server, other, link)
    const answer = link.run(script('true'))
    await expect(answer).rejects.toBeInstanceOf(PermanentError)
    const print = (line: string) => fingerprint(readHostKey(line) ?? Buffer.alloc(0))
    await expect(answer).rejects.toThrow(`pinned ${print(other.hostKeyLine)}, shown ${print(server.hostKeyLine)}`)
  })

  it('reports the key of a host that it meets for the first time', async () => {
    const server = await testServer()
    const link = connect({ ...server.target, hostKeys: [] }, QUICK)
    opened.push(server, link)
    expect(link.hostKey()).toBeNull()
    await link.run(script('true'))
    expect(link.hostKey()?.line).toBe(server.hostKeyLine)
  })

  it('does not take a text for a private key', async () => {
    const server = await testServer()
    const link = connect({ ...server.target, privateKey: 'not a key' }, QUICK)
    opened.push(server, link)
    await expect(link.run(script('true'))).rejects.toThrow(/private key for alice@127\.0\.0\.1/)
  })
})

describe('files', () => {
  const big = new Uint8Array(3_000_000).map((_, index) => (index * 7) % 251)

  it('go up as one stream and come back as they were', async () => {
    const { link } = await open({ profile: 'echo noise; echo noise >&2' })
    const sent = await link.upload(script('cd "$1" && tar -xmf - && ls', [folder]), [
      { path: 'a/deep/in', content: 'ä\n' },
      { path: 'big', content: big },
    ])
    expect(sent).toMatchObject({ complete: true, exitCode: 0, stdout: 'a\nbig\n' })
    expect(readFileSync(join(folder, 'a/deep/in'), 'utf8')).toBe('ä\n')
    const back = new Map<string, Uint8Array>()
    const answer = await link.download(script('cd "$1" && tar -cf - a big; echo said >&2', [folder]), async (path, content) => {
      back.set(path, content)
    })
    expect(answer).toMatchObject({ complete: true, exitCode: 0, stderr: 'said\n' })
    expect(Buffer.from(back.get('big') ?? []).equals(Buffer.from(big))).toBe(true)
    expect(Buffer.from(back.get('a/deep/in') ?? []).toString()).toBe('ä\n')
  })

  it('that do not fit there are told by the exit code', async () => {
    const { link } = await open()
    const answer = await link.upload(script('cd "$1" && tar -xmf -', [join(folder, 'none')]), [{ path: 'big', content: big }])
    expect(answer.complete).toBe(true)
    expect(answer.exitCode).not.toBe(0)
  })
})

describe('a long-lived script', () => {
  it('answers line by line and ends with its stdin', async () => {
    const { link } = await open({ profile: 'echo noise' })
    const lines: string[] = []
    const follower = await link.follow({ script: 'while read -r line; do echo "got $line"; done', args: [] }, (line) =>
      lines.push(line),
    )
    follower.write('one\n')
    await expect.poll(() => lines).toEqual(['got one'])
    follower.write('two\n')
    await expect.poll(() => lines).toEqual(['got one', 'got two'])
    follower.close()
    await follower.done
  })

  it('tells of a script that failed', async () => {
    const { link } = await open()
    const follower = await link.follow({ script: 'cd /nowhere', args: [] }, () => {})
    await expect(follower.done).rejects.toThrow(/ended with [12]/)
  })

  it('says when the connection is lost', async () => {
    const { server, link } = await open()
    const follower = await link.follow({ script: 'while read -r line; do echo "$line"; done', args: [] }, () => {})
    server.cut()
    await expect(follower.done).rejects.toBeInstanceOf(TransientError)
  })
})
