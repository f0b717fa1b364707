import { BatchId, batchToken, NativeId, Token } from '@crystalmath/contract'
import { describe, expect, it } from 'vitest'
import { settled } from './settling.ts'

const token = Token.parse('0b6f2f1e-7a50-7cc0-8f00-000000000812.1')
const now = Date.parse('2026-11-28T12:00:00Z')
const charged = (secondsAgo: number) => ({ token, chargedAt: new Date(now - secondsAgo * 1_000).toISOString() })
const row = (elapsedSeconds: number, coreCount: number, isOver = true) =>
  ({
    nativeId: NativeId.parse('812'),
    name: token,
    ending: isOver ? 'COMPLETED' : null,
    elapsedSeconds,
    coreCount,
    steps: [],
  }) as const

describe('what an attempt is billed', () => {
  it.each([
    ['all allocated cores, not those asked for', [row(900, 16)], 60, [{ token, coreHours: 4 }]],
    ['every run under its name', [row(900, 16), row(1_800, 16)], 60, [{ token, coreHours: 12 }]],
    ['nothing yet, while a record is open', [row(900, 16), row(5, 16, false)], 60, []],
    ['nothing yet, while accounting has not heard of it', [], 60, []],
    ['its own word, where accounting never heard of it', [], 901, [{ token, coreHours: null }]],
    ['nothing, where it was cancelled before it began', [row(0, 16)], 60, [{ token, coreHours: 0 }]],
  ])('is %s', (_, rows, secondsAgo, expected) => expect(settled([charged(secondsAgo)], rows, now)).toEqual(expected))

  it('is, of a member of an array, its own share of the records under the array`s name', () => {
    const id = BatchId.parse('aaaaaaaa-0000-4000-8000-000000000000')
    const member = (index: number, elapsed: number) => ({
      ...row(elapsed, 4),
      name: batchToken(id),
      nativeId: NativeId.parse(`900_${index}`),
    })
    const open = [{ ...charged(60), batch: { id, kind: 'array', index: 3 } as const }]
    expect(settled(open, [member(13, 9_000), member(3, 1_800)], now)).toEqual([{ token, coreHours: 2 }])
  })

  it('comes with the memory that the scheduler saw, where it saw any', () => {
    const step = (name: string, maxRssMebibytes: number | null) => ({
      ...({ name, raw: 'COMPLETED', ending: 'COMPLETED', exitCode: 0, signal: 0, maxRssMebibytes } as const),
    })
    const ran = { ...row(900, 16), steps: [step('batch', 12.2), step('extern', 900), step('0', 700.4), step('1', 650)] }
    expect(settled([charged(60)], [ran], now)).toEqual([
      { token, coreHours: 4, memory: { batchMebibytes: 13, taskMebibytes: 701, seconds: 900 } },
    ])
    const unseen = { ...row(900, 16), steps: [step('batch', 0), step('0', null)] }
    expect(settled([charged(60)], [unseen], now)).toEqual([{ token, coreHours: 4 }])
  })
})
