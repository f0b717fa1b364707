import { describe, expect, it } from 'vitest'
import type { PresetTable } from '../code-writes.ts'
import { WRITES, writesOf } from '../writes.ts'
import { presetNamed } from './named-presets.ts'
import { pseudopotential, SILICON, sampleTask } from './sample-task.ts'

const TABLE: PresetTable = { usual: 'moderate', versions: { fast: '1', moderate: '2' }, formerly: { quick: 'fast' } }
const label = (written: unknown) => {
  const named = presetNamed(written, TABLE)
  return 'problem' in named ? named.problem.mend : [named.label, ...named.warnings].join('; ')
}

describe('a preset', () => {
  it.each([
    [undefined, 'moderate@2'],
    ['fast', 'fast@1'],
    ['moderate@2', 'moderate@2'],
    ['quick', 'fast@1; the preset quick is called fast now; the old name goes on'],
    ['moderate@1', 'write "moderate" or "moderate@2"'],
    ['moderat', 'did you mean "moderate"?'],
    ['xyzzy', 'write one of fast, moderate'],
    [7, 'write one of fast, moderate'],
    ['toString', 'write one of fast, moderate'],
  ])('named %j is %s', (written, said) => expect(label(written)).toBe(said))

  it('is said by what every code with presets prepares, and every code that has some has a usual one', () => {
    for (const { code, presets } of WRITES)
      if (presets !== undefined) expect(Object.keys(presets.versions), code).toContain(presets.usual)
    const files = [pseudopotential({ fileName: 'Si.UPF', element: 'Si', cutoffRydberg: 30 })]
    const prepared = writesOf('quantum-espresso')?.prepare(
      sampleTask({ code: 'quantum-espresso', parameters: { preset: 'fast@1' }, structure: SILICON, files }),
    )
    expect(prepared).toMatchObject({ ok: true, preparation: { preset: 'fast@1' } })
  })
})
