import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { SshLink } from '@crystalmath/ssh'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { listFiles } from './files.ts'
import { type LoginNode, loginNode, placeOf } from './in-dash.ts'
import { directoryOf } from './place.ts'

let node: LoginNode
beforeAll(async () => {
  node = await loginNode()
})
afterAll(() => node.remove())
const place = placeOf('a')
const bytes = (values: Float64Array | Int32Array | BigInt64Array) => Buffer.from(values.buffer)
const padded = (length: number, ...parts: readonly Buffer[]) =>
  Buffer.concat([...parts, Buffer.alloc(length)]).subarray(0, length)

/** The script, in a real shell, without the wire. */
const link = {
  run: async ({ script, args }: Parameters<SshLink['run']>[0]) => {
    const { stdout, stderr, exitCode } = await node.run(script, args)
    return { stdout, stderr, exitCode, bytes: new Uint8Array(), complete: true, lost: null }
  },
} as unknown as SshLink

async function headsOf(files: Readonly<Record<string, Buffer>>) {
  const folder = join(node.root, directoryOf(place))
  mkdirSync(join(folder, 'SAVE'), { recursive: true })
  for (const [path, content] of Object.entries(files)) writeFileSync(join(folder, path), content)
  const listed = await listFiles(link, node.root, place)
  return new Map(listed.map(({ path, head }) => [path, head === undefined ? null : Buffer.from(head, 'base64')]))
}

describe('the list of what an attempt left', () => {
  it('tells of binary files 64 bytes, and what those point to', async () => {
    const wavecar = Buffer.concat([
      padded(4_096, bytes(new Float64Array([4_096, 1, 45_200]))),
      padded(4_096, bytes(new Float64Array([4, 8, 400]))),
    ])
    const gbw = Buffer.concat([
      padded(5_000, bytes(new BigInt64Array([40n, 1n, 2n, 5_000n]))),
      bytes(new Int32Array([1, 43])),
      Buffer.alloc(99),
    ])
    const record = Buffer.concat([bytes(new Int32Array([80])), Buffer.alloc(80), bytes(new Int32Array([80]))])
    const heads = await headsOf({
      WAVECAR: wavecar,
      'orca.gbw': gbw,
      'fort.9': Buffer.concat([record, record]),
      'wannier90.chk': Buffer.concat([record, record]).subarray(0, 150),
      'SAVE/ns.db1': padded(200, Buffer.from('CDF\u0001')),
      POSCAR: Buffer.from('nothing to look into'),
    })
    const beyond = (path: string) => heads.get(path)?.subarray(64) ?? Buffer.alloc(0)
    expect(heads.get('WAVECAR')).toHaveLength(64 + 96)
    expect([0, 8, 16].map((offset) => beyond('WAVECAR').readDoubleLE(offset))).toEqual([4, 8, 400])
    expect([0, 4].map((offset) => beyond('orca.gbw').readInt32LE(offset))).toEqual([1, 43])
    expect([0, 4].map((offset) => beyond('fort.9').readInt32LE(offset))).toEqual([80, 80])
    // cut off: what stands last is no length of a record
    expect([0, 4].map((offset) => beyond('wannier90.chk').readInt32LE(offset))).toEqual([1, 0])
    expect(heads.get('SAVE/ns.db1')).toHaveLength(64)
    expect(heads.get('POSCAR')).toBeNull()
  })

  it('tells what there is of files that are too short, or no such files at all', async () => {
    const heads = await headsOf({
      WAVECAR: Buffer.from('this is a text, and a long one at that, which no program would take for wave functions'),
      'orca.gbw': Buffer.alloc(30),
      'fort.9': Buffer.alloc(0),
    })
    expect(heads.get('WAVECAR')).toHaveLength(64)
    expect(heads.get('orca.gbw')).toHaveLength(30)
    expect(heads.get('fort.9')).toBeNull()
  })
})
