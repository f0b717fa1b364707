import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { framed, framedLine, unframer } from './frame.ts'
import { quote } from './quote.ts'

const MARKER = 'crystalmath-0123456789abcdef01234567'

describe('a frame', () => {
  it('comes off the same however the bytes were cut', () => {
    const inside = fc.oneof(fc.string(), fc.constant(`\n${MARKER} en`), fc.constant('\n\n'))
    fc.assert(
      fc.property(fc.string(), inside, fc.string(), fc.array(fc.nat({ max: 200 })), (before, content, after, cuts) => {
        const bytes = Buffer.from(`${before}\n${MARKER} begin\n${content}\n${MARKER} end 7\n${after}`)
        const places = [0, ...cuts.filter((cut) => cut < bytes.length).sort((a, b) => a - b), bytes.length]
        const out = unframer(MARKER)
        const given = places.slice(1).map((place, index) => out.push(bytes.subarray(places[index], place)))
        expect(Buffer.concat(given).toString()).toBe(content)
        expect(out.exitCode()).toBe(7)
      }),
      { numRuns: 300 },
    )
  })

  it('has no exit code before its end has come', () => {
    const out = unframer(MARKER)
    out.push(Buffer.from(`\n${MARKER} begin\n812\n\n${MARKER} end `))
    expect(out.exitCode()).toBeNull()
    out.push(Buffer.from('0\n'))
    expect(out.exitCode()).toBe(0)
  })

  it('runs nothing of a script that arrived in part', () => {
    const folder = mkdtempSync(join(tmpdir(), 'frame-'))
    const done = join(folder, 'done')
    const text = framed({ script: ': >"$1"\n: >"$1"', args: [done] }, MARKER, 'closed')
    const call = text.indexOf('(cm_main') // before it, there are only definitions
    try {
      for (let length = 0; length < call; length += 7) spawnSync('/bin/sh', ['-s'], { input: text.slice(0, length) })
      expect(existsSync(done)).toBe(false)
      spawnSync('/bin/sh', ['-s'], { input: text })
      expect(existsSync(done)).toBe(true)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  it('on one line refuses what shells read in different ways', () => {
    expect(() => framedLine({ script: "echo 'x'", args: [], timeoutSeconds: 1 }, MARKER)).toThrow(/not for a line/)
    expect(() => framedLine({ script: 'echo', args: ['a\nb'], timeoutSeconds: 1 }, MARKER)).toThrow(/not for a line/)
  })
})

describe('quoting', () => {
  it('makes one word of anything', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }).filter((text) => !text.includes('\0')),
        (text) => {
          const { stdout } = spawnSync('/bin/sh', ['-c', `printf %s ${quote(text)}`])
          expect(stdout.equals(Buffer.from(text))).toBe(true)
        },
      ),
      { numRuns: 50 },
    )
  })
})
