import { Resources } from '@crystalmath/contract'
import { describe, expect, it } from 'vitest'
import type { Remedy } from '../code-writes.ts'
import { WRITES } from '../writes.ts'
import { applyRemedy } from './apply-remedy.ts'

const remedy = (over: Partial<Remedy>): Remedy => ({ name: 'test', effect: 'path', limit: 1, because: 'it is a test', ...over })
const resources = Resources.parse({ memoryMebibytes: 1001, walltimeSeconds: 3600 })

describe('a remedy', () => {
  it('sets and scales below the parameters, and leaves the given ones alone', () => {
    const parameters = { electrons: { mixing_beta: 0.7, conv_thr: 1e-8 }, kMesh: [2, 2, 2] }
    const after = applyRemedy(
      parameters,
      resources,
      remedy({ set: { 'electrons.mixing_mode': 'local-TF' }, scale: { 'electrons.mixing_beta': 0.5 } }),
    )
    expect(after.parameters).toEqual({
      electrons: { mixing_beta: 0.35, conv_thr: 1e-8, mixing_mode: 'local-TF' },
      kMesh: [2, 2, 2],
    })
    expect(after.changes).toEqual([
      { path: 'electrons.mixing_mode', from: undefined, to: 'local-TF' },
      { path: 'electrons.mixing_beta', from: 0.7, to: 0.35 },
    ])
    expect(parameters.electrons).toEqual({ mixing_beta: 0.7, conv_thr: 1e-8 })
  })

  it('scales resources to whole numbers, up to a ceiling', () => {
    const more = remedy({ scale: { 'resources.memoryMebibytes': 1.5, 'resources.walltimeSeconds': 2 } })
    const after = applyRemedy({}, resources, more, { ceilings: { 'resources.walltimeSeconds': 5400 } })
    expect([after.resources.memoryMebibytes, after.resources.walltimeSeconds]).toEqual([1502, 5400])
    expect(after.parameters).toEqual({})
  })

  it('shrinks resources to whole numbers of at least one', () => {
    const half = remedy({ scale: { 'resources.ranks': 0.5 } })
    expect(applyRemedy({}, { ...resources, ranks: 5 }, half).resources.ranks).toBe(2)
    expect(applyRemedy({}, resources, half).changes).toEqual([])
  })

  it('never lowers what lies above a ceiling already', () => {
    const after = applyRemedy({}, resources, remedy({ scale: { 'resources.walltimeSeconds': 2 } }), {
      ceilings: { 'resources.walltimeSeconds': 1800 },
    })
    expect(after.changes).toEqual([])
  })

  it('begins from the default of the code where nothing is set', () => {
    const softer = remedy({ scale: { 'electrons.mixing_beta': 0.5 } })
    expect(applyRemedy({}, resources, softer, { defaults: { 'electrons.mixing_beta': 0.7 } }).parameters).toEqual({
      electrons: { mixing_beta: 0.35 },
    })
    expect(applyRemedy({}, resources, softer)).toMatchObject({ changes: [], notApplied: ['electrons.mixing_beta'] })
  })

  it('reaches the steps of a job that have a value of their own', () => {
    const parameters = { steps: [{ program: 'pw', electrons: { mixing_beta: 0.4 } }, { program: 'dos' }] }
    const after = applyRemedy(parameters, resources, remedy({ scale: { 'electrons.mixing_beta': 0.5 } }), {
      defaults: { 'electrons.mixing_beta': 0.7 },
    })
    expect(after.parameters).toEqual({
      electrons: { mixing_beta: 0.35 },
      steps: [{ program: 'pw', electrons: { mixing_beta: 0.2 } }, { program: 'dos' }],
    })
    expect(after.changes.map(({ path }) => path)).toEqual(['electrons.mixing_beta', 'steps.0.electrons.mixing_beta'])
  })

  it('rounds whole numbers up, and no others', () => {
    const after = applyRemedy(
      { steps: 101, threshold: 1e-8, beta: 1 },
      resources,
      remedy({ scale: { steps: 1.5, threshold: 10, beta: 0.5 } }),
    )
    expect(after.parameters).toEqual({ steps: 152, threshold: 1e-7, beta: 0.5 })
  })
})

describe.each(WRITES.map((writes) => [writes.code, writes] as const))('the remedies of %s', (_, { remedies, defaults = {} }) => {
  const all = Object.entries(remedies)

  it('have stable names, a reason and a limit, once per diagnosis', () => {
    for (const [kind, list] of all) {
      expect(kind).toMatch(/^[A-Z][A-Z0-9_]*$/)
      expect(new Set(list.map(({ name }) => name)).size).toBe(list.length)
      for (const { name, because, limit } of list)
        expect([name, because.length > 10, limit > 0]).toEqual([expect.stringMatching(/^[a-z][a-z0-9-]*$/), true, true])
    }
  })

  it('scale only what has a value or a default', () => {
    const scaled = all.flatMap(([, list]) => list.flatMap(({ scale = {} }) => Object.keys(scale)))
    const without = scaled.filter((path) => !path.startsWith('resources.') && !(path in defaults) && path !== 'smearing.widthEv')
    expect(without).toEqual([])
  })

  it('begin with the mildest effect', () => {
    const rank = { none: 0, path: 1, numerics: 2, model: 3 }
    for (const [kind, list] of all) {
      const effects = list.map(({ effect }) => rank[effect])
      expect([kind, effects]).toEqual([kind, effects.toSorted((a, b) => a - b)])
    }
  })
})
