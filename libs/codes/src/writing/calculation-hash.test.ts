import { describe, expect, it } from 'vitest'
import { quantumEspressoWrites } from '../quantum-espresso/writes.ts'
import { calculationHash } from './calculation-hash.ts'
import { pseudopotential, SILICON, sampleTask, type TaskParts } from './sample-task.ts'

const hashOf = (parameters: TaskParts['parameters'], over: Partial<TaskParts> = {}, codeVersion = '6.7.0') => {
  const files = [pseudopotential({ fileName: 'Si.UPF', element: 'Si' })]
  const task = sampleTask({
    code: 'quantum-espresso',
    files,
    ...over,
    parameters: { cutoffRydberg: 20, kMesh: [2, 2, 2], ...parameters },
  })
  const prepared = quantumEspressoWrites.prepare(task)
  if (!prepared.ok) throw new Error(JSON.stringify(prepared.problems))
  return calculationHash({
    code: 'quantum-espresso',
    codeVersion,
    structure: task.structure,
    preparation: prepared.preparation,
    incidental: quantumEspressoWrites.incidental,
  })
}
const same = hashOf({})

describe('the identity of a calculation', () => {
  it('does not depend on names, wall time, ranks, pools or the patch version', () => {
    expect(same).toMatch(/^[0-9a-f]{64}$/)
    expect(
      hashOf(
        { pools: 2, control: { verbosity: 'high' } },
        { request: { name: 'other', resources: { ranks: 4, walltimeSeconds: 7200 } } },
        '6.7.9',
      ),
    ).toBe(same)
  })

  it('depends on settings, structure, pseudopotentials and the version', () => {
    const others = [
      hashOf({ cutoffRydberg: 22 }),
      hashOf({ calculation: 'relax' }),
      hashOf({}, { structure: { ...SILICON, initialMomentsBohr: [1, -1] } }),
      hashOf({}, { files: [pseudopotential({ fileName: 'Si.UPF', element: 'Si', md5: 'f'.repeat(32) })] }),
      hashOf({}, {}, '7.3.1'),
    ]
    expect(new Set([same, ...others]).size).toBe(6)
  })

  it('is unknown where a pseudopotential has no hash', () => {
    expect(hashOf({}, { files: [pseudopotential({ fileName: 'Si.UPF', element: 'Si', md5: '' })] })).toBeNull()
  })
})
