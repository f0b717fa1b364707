import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chmod, mkdir, mkdtemp, readFile, rm, symlink, truncate, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import { CalculationResult, PermanentError } from '@crystalmath/contract'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { LIMITS } from './limits.ts'
import { parsePath } from './parse-path.ts'

/** A short optimisation log: the smallest output that any reader knows. */
const log = (steps: number): string =>
  [
    '      Step     Time          Energy         fmax',
    ...Array.from(
      { length: steps },
      (_, i) => `BFGS:  ${String(i).padStart(3)} 12:00:00      -${10 + i}.500000        0.${9 - (i % 9)}000`,
    ),
    '',
  ].join('\n')

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'crystalmath-files-'))
})
afterEach(async () => await rm(folder, { recursive: true, force: true }))

const put = async (name: string, content: string | Uint8Array): Promise<string> => {
  const path = join(folder, name)
  await writeFile(path, content)
  return path
}
const energyOf = async (path: string) => (await parsePath(path, { limits: LIMITS })).energyEv
const refusal = async (path: string, limits = LIMITS): Promise<string> => {
  const error = await parsePath(path, { limits }).then(
    (result) => `it was read: ${JSON.stringify(result)}`,
    (thrown: unknown) => thrown,
  )
  expect(error).toBeInstanceOf(PermanentError)
  return error instanceof Error ? error.message.replaceAll(folder, '') : String(error)
}

describe('a file', () => {
  it('is read whatever its name and compression', async () => {
    const text = log(4)
    expect(await energyOf(await put('opt.log', text))).toBe(-13.5)
    expect(await energyOf(await put('opt.log.gz', gzipSync(text)))).toBe(-13.5)
    expect(
      await energyOf(await put('of-two-members', Buffer.concat([gzipSync(text.slice(0, 90)), gzipSync(text.slice(90))]))),
    ).toBe(-13.5)
    expect(await energyOf(await put('named-wrongly.gz', text))).toBe(-13.5)
    expect(await energyOf(await put('opt', zstdCompressSync(Buffer.from(text))))).toBe(-13.5)
  })

  it.each(['bzip2', 'xz'])('that %s packed is read', async (program) => {
    // more than a decoder takes at once, even packed
    const path = await put('opt.log', `${log(4)}${randomBytes(80_000).toString('hex').replaceAll(/.{60}/g, '$&\n')}`)
    try {
      await writeFile(join(folder, 'packed'), execFileSync(program, ['-c', path]))
    } catch {
      return // this machine lacks the program
    }
    const packed = await readFile(join(folder, 'packed'))
    expect(await energyOf(join(folder, 'packed'))).toBe(-13.5)
    const long = await put('long.log', log(4_000))
    await writeFile(join(folder, 'packed'), execFileSync(program, ['-c', long]))
    expect(await energyOf(join(folder, 'packed'))).toBe(await energyOf(long))
    const torn = await put('torn', packed.subarray(0, packed.length / 2))
    expect(await refusal(torn)).toContain(`the ${program} data are damaged`)
  })

  it('that is xz packed and of no code is refused by its beginning, and nothing is thrown behind it', async () => {
    const path = await put('matrix-elements', randomBytes(3_000_000))
    try {
      await writeFile(join(folder, 'packed.xz'), execFileSync('xz', ['-c', path], { maxBuffer: 1 << 24 }))
    } catch {
      return // this machine lacks the program
    }
    expect(await refusal(join(folder, 'packed.xz'))).toContain('not recognised')
    await setTimeout(100)
  })

  it('gives the same with CRLF, with a byte order mark, and in UTF-16', async () => {
    const text = log(4)
    expect(await energyOf(await put('crlf.log', text.replaceAll('\n', '\r\n')))).toBe(-13.5)
    expect(await energyOf(await put('marked.log', `\ufeff${text}`))).toBe(-13.5)
    expect(await energyOf(await put('utf16.log', Buffer.from(`\ufeff${text}`, 'utf16le')))).toBe(-13.5)
  })

  it('with a line of 100 MB is read around it, and the result says so', async () => {
    const path = await put('opt.log', Buffer.concat([Buffer.from(log(4)), Buffer.alloc(100 << 20, 'x'), Buffer.from('\n')]))
    const { energyEv, diagnoses } = await parsePath(path)
    expect(energyEv).toBe(-13.5)
    expect(diagnoses.at(-1)).toMatchObject({ kind: 'OUTPUT_UNREADABLE', evidence: { file: path, line: 6, text: 'x'.repeat(80) } })
  })

  it('full of NUL bytes, as a crashed file system leaves, is read around them', async () => {
    const path = await put('opt.log', `${log(2)}${'\0'.repeat(4_000)}`)
    expect(await energyOf(path)).toBe(-11.5)
  })

  it('whose gzip data end early is read up to there, and said to be incomplete', async () => {
    const whole = gzipSync(log(20_000))
    const { energyEv, diagnoses } = await parsePath(await put('opt.log.gz', whole.subarray(0, whole.length / 2)))
    expect(energyEv).toBeLessThan(-5_000)
    expect(energyEv).toBeGreaterThan(-20_000)
    expect(diagnoses.map(({ kind }) => kind)).toContain('OUTPUT_INCOMPLETE')
  })

  it('whose gzip data are damaged gives no number', async () => {
    const bytes = gzipSync(log(20_000))
    bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 0xff
    expect(await refusal(await put('opt.log.gz', bytes))).toContain('the gzip data are damaged')
  })

  it('that grows a thousandfold is refused as a bomb, and so is one that was compressed twice', async () => {
    const limits = { ...LIMITS, ratioFromBytes: 1 << 20, ratio: 100 }
    const bomb = await put('opt.log.gz', gzipSync(Buffer.concat([Buffer.from(log(4)), Buffer.alloc(50 << 20)])))
    expect(await refusal(bomb, limits)).toContain('refused as a decompression bomb')
    expect(await refusal(await put('twice.gz', gzipSync(gzipSync(log(4)))))).toBe(
      '/twice.gz: compressed twice; decompress it once',
    )
  })

  it('alone in a tar archive is read; several in one are refused, for they must not be read as one', async () => {
    for (const name of ['a.log', 'b.log']) await put(name, log(4))
    const pack = (...names: readonly string[]) => execFileSync('tar', ['-C', folder, '-c', ...names])
    expect(await energyOf(await put('one.tar.gz', gzipSync(pack('a.log'))))).toBe(-13.5)
    const refused = await refusal(await put('two.tar', pack('a.log', 'b.log')))
    expect(refused).toBe('/two.tar: a tar archive of several files; unpack it, and name the folder')
  })

  it('that is none, or cannot be opened, is refused at once and by name', async () => {
    execFileSync('mkfifo', [join(folder, 'fifo')])
    await symlink('b', join(folder, 'a'))
    await symlink('a', join(folder, 'b'))
    const server = createServer().listen(join(folder, 'socket'))
    await new Promise((resolve) => server.once('listening', resolve))
    expect(await refusal(join(folder, 'fifo'))).toBe('/fifo: a FIFO, not a regular file')
    expect(await refusal(join(folder, 'socket'))).toBe('/socket: a socket, not a regular file')
    server.close()
    expect(await refusal(join(folder, 'a'))).toBe('/a: cannot be read: its links lead in a circle')
    expect(await refusal(join(folder, 'none'))).toBe('/none: cannot be read: there is no such file')
    expect(await refusal('/dev/zero')).toBe('/dev/zero: a device, not a regular file')
    expect(await refusal(await put('empty', ''))).toBe('/empty: the file is empty')
    expect(await refusal(await put('other', 'hello\n'))).toContain('/other: not recognised as an output of vasp, ')
  })

  it.skipIf(process.getuid?.() === 0)('that is not ours to read says so', async () => {
    const path = await put('secret', log(2))
    await chmod(path, 0)
    expect(await refusal(path)).toBe('/secret: cannot be read: permission denied')
  })

  it('larger than the limit is refused, and a sparse one of 100 GB at once', async () => {
    const path = await put('opt.log', log(400))
    expect(await refusal(path, { ...LIMITS, fileBytes: 1_000 })).toContain('larger than 1000 bytes')
    await truncate(path, 100 * 2 ** 30)
    expect(await refusal(path, { ...LIMITS, fileBytes: 1 << 20 })).toContain('larger than 1048576 bytes')
  })
})

describe('a directory', () => {
  it('is read behind links to files, not behind links to directories, and leaves out what is broken', async () => {
    const inner = join(folder, 'run')
    await mkdir(inner)
    await symlink(await put('real.log', log(3)), join(inner, 'opt.log'))
    await symlink('..', join(inner, 'up'))
    await symlink('nowhere', join(inner, 'dangling'))
    execFileSync('mkfifo', [join(inner, 'fifo')])
    await writeFile(join(inner, 'broken.gz'), gzipSync(log(20_000)).fill(7, 40, 400))
    const { energyEv, warnings } = await parsePath(inner)
    expect(energyEv).toBe(-12.5)
    expect(warnings.join()).toContain('broken.gz: the gzip data are damaged')
  })

  it('of too many files is refused without listing them all', async () => {
    for (let i = 0; i < 30; i += 1) await put(`scratch-${i}`, '')
    expect(await refusal(folder, { ...LIMITS, entries: 20 })).toBe(': more than 20 files; name the output file itself')
    for (let i = 0; i < 6; i += 1) await put(`opt-${i}.log`, log(2))
    expect(await refusal(folder, { ...LIMITS, outputs: 5 })).toBe(
      ': more than 5 outputs of ase; name the folder of one calculation',
    )
  })

  it('without an output says so', async () => {
    expect(await refusal(folder)).toBe(': no output of a known code among its 0 files')
  })
})

it('gives results that fit the contract', async () => {
  expect(() => CalculationResult.parse(undefined)).toThrow()
  const result = await parsePath(await put('opt.log', log(2)))
  expect(CalculationResult.parse(result)).toEqual(result)
})
