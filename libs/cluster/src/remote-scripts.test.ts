import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type LoginNode, loginNode, placeOf } from './in-dash.ts'
import { directoryOf } from './place.ts'
import { readScript } from './read-script.ts'
import { newsReader } from './watch.ts'

let node: LoginNode
beforeEach(async () => {
  node = await loginNode()
})
afterEach(() => node.remove())

const [one, two] = [placeOf('1'), placeOf('2')]

describe('taking a root', () => {
  const take = async (installation: string, epoch: number) =>
    (await node.run(readScript('take-root.sh'), [`${node.root}/new`, 'alice', installation, epoch])).stdout.trim()

  it('makes it, keeps it, raises its epoch, and never lowers it', async () => {
    expect(await take('lab', 3)).toBe('root ours')
    expect(await take('lab', 3)).toBe('root ours')
    expect(await take('lab', 4)).toBe('root ours')
    expect(await node.read('new/.owner')).toBe('lab 4\n')
    expect(await take('lab', 3)).toBe('root foreign lab 4')
  })

  it('leaves somebody else`s alone', async () => {
    await take('lab', 1)
    expect(await take('other', 9)).toBe('root foreign lab 1')
    expect(await node.read('new/.owner')).toBe('lab 1\n')
  })

  it('has one winner where two come at once', async () => {
    const said = await Promise.all([take('a', 1), take('b', 1), take('c', 1)])
    expect(said.filter((line) => line === 'root ours')).toHaveLength(1)
  })
})

describe('cancelling', () => {
  const cancel = (list: readonly string[], kill: readonly string[], keys: readonly string[] = ['a', 'b']) => {
    const directories = [one, two].map(directoryOf)
    const args = [node.root, 2, list.length, keys.length, ...directories, ...list, ...keys, ...kill]
    return node.run(readScript('cancel.sh'), args)
  }
  const isMarked = () => [one, two].every((place) => node.has(`${directoryOf(place)}/.crystalmath/cancel`))

  it('writes the cancel files, then kills what bears the names', async () => {
    await node.command('squeue', '[ "$2" = "a b" ] && printf "812\\n813\\n"')
    await node.command('scancel', 'echo "$*" >"$HOME/killed"')
    expect((await cancel(['squeue', '-n', 'a b'], ['scancel'])).exitCode).toBe(0)
    expect(isMarked()).toBe(true)
    expect(await node.read('../killed')).toBe('812 813\n')
  })

  it('kills the members of an array that are meant, and no others', async () => {
    await node.command('squeue', 'printf "812_1 a\\n812_2 a\\n813_1 b\\n814 a\\n9_11 a\\n"')
    await node.command('scancel', 'echo "$*" >"$HOME/killed"')
    expect((await cancel(['squeue'], ['scancel'], ['a_1', 'b'])).exitCode).toBe(0)
    expect(await node.read('../killed')).toBe('812_1\n')
  })

  it('kills nothing where nothing bears the names', async () => {
    await node.command('squeue', 'true')
    await node.command('scancel', 'echo "$*" >"$HOME/killed"')
    expect((await cancel(['squeue'], ['scancel'])).exitCode).toBe(0)
    expect(node.has('../killed')).toBe(false)
  })

  it('says that the queue could not be listed, with the files written', async () => {
    await node.command('squeue', 'echo "connect failure" >&2; exit 1')
    expect((await cancel(['squeue'], ['scancel'])).exitCode).toBe(3)
    expect(isMarked()).toBe(true)
  })
})

describe('fetching', () => {
  const list = async (...globs: readonly string[]) => {
    const args = [node.root, 1_000, one.token, directoryOf(one), globs.length, ...globs]
    const { stderr } = await node.run(`${readScript('fetch.sh')}\n`, args)
    const { stdout } = await node.run(`fetch() {\n${readScript('fetch.sh')}\n}\nfetch "$@" | tar -tf - | sort`, args)
    return { files: stdout.trim().split('\n').filter(Boolean), withheld: stderr.trim().split('\n').filter(Boolean) }
  }
  const at = (path: string) => `${directoryOf(one)}/${path}`

  it('sends what matches and is a file', async () => {
    await node.write(at('out.xml'), 'x')
    await node.write(at('tmp/deep.xml'), 'x')
    await node.write(at('a b.xml'), 'x')
    await node.run('ln -s /etc/passwd "$1"', [`${node.root}/${at('link.xml')}`])
    expect((await list('*.xml', 'tmp', 'tmp/*', 'none')).files).toEqual([at('a b.xml'), at('out.xml'), at('tmp/deep.xml')].sort())
  })

  it('withholds pseudopotentials by name and by content, and what is too large', async () => {
    for (const name of ['POTCAR', 'POTCAR.gz', 'old_potcar.1', 'POT_GGA_PAW', 'PSCTR']) await node.write(at(name), 'x')
    await node.write(at('innocent'), '  PAW_PBE Si 05Jan2001\n   4.00000\n parameters from PSCTR are:\n')
    await node.write(at('huge'), 'x'.repeat(1_001))
    await node.write(at('fine'), 'POTCAR: PAW_PBE Si 05Jan2001\n')
    const { files, withheld } = await list('*')
    expect(files).toEqual([at('fine')])
    expect(withheld).toHaveLength(7)
    expect(withheld).toContain(`withheld ${at('innocent')}`)
    expect(withheld).toContain(`withheld ${at('huge')}`)
    expect(withheld).toContain(`refused ${one.token} POTCAR`)
  })

  it('sends an empty archive where nothing matches', async () => {
    expect(await list('none*')).toEqual({ files: [], withheld: [] })
  })
})

describe('settling', () => {
  it('puts the sentinels of a token aside, and those of no other', async () => {
    for (const name of [`${one.token}.start`, `${one.token}.end`, `${two.token}.start`]) await node.write(`.spool/${name}`, 'x\n')
    const settle = () => node.run(readScript('settle.sh'), [`${node.root}/.spool`, '2026-11-21', one.token])
    expect((await settle()).exitCode).toBe(0)
    expect((await settle()).exitCode).toBe(0)
    expect(node.has(`.spool/done/2026-11-21/${one.token}.end`)).toBe(true)
    expect(node.has(`.spool/${one.token}.start`)).toBe(false)
    expect(node.has(`.spool/${two.token}.start`)).toBe(true)
  })
})

describe('watching', () => {
  const start = 'owner 812.0\nat 1795254037.25\nhost c1\n.\n'

  it('tells each entry once, and what it cannot read not at all', async () => {
    await node.write(`.spool/${one.token}.start`, start)
    await node.write(`.spool/${two.token}.812.1.requeued`, '812.1\n')
    await node.write(`.spool/${one.token}.end`, 'owner 812.0\nat 17952') // torn
    await node.write(`.spool/foreign`, 'x')
    await node.write(`.spool/.${one.token}.end.812.0`, 'hidden')
    const script = `watch() {\n${readScript('watch.sh')}\n}\nprintf '\\n\\n' | watch "$1"`
    const { stdout } = await node.run(script, [`${node.root}/.spool`])
    const reader = newsReader()
    const [first = '', second = ''] = stdout.split(/^\.$/m)
    for (const line of first.split('\n')) reader.feed(line)
    expect(reader.take()).toEqual([
      { kind: 'start', token: one.token, start: { owner: '812.0', atSeconds: 1795254037.25, host: 'c1' } },
      { kind: 'requeued', token: two.token, owner: '812.1' },
    ])
    expect(second.trim()).toBe('')
  })

  it('leaves nothing of its own in the spool', async () => {
    await node.write('.spool/done/x', '')
    const { exitCode } = await node.run(
      `watch() {\n${readScript('watch.sh')}\n}\nprintf '\\n' | watch "$1"; ls -A "$1" | grep watch`,
      [`${node.root}/.spool`],
    )
    expect(exitCode).toBe(1)
  })
})
