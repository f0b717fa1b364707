import type { CalculationResult } from '@crystalmath/contract'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { contradiction } from './laws.ts'
import { hasCorpus, loadSubjects, readText, type Subject } from './subjects.ts'
import { attempt } from './trials.ts'

const SECONDS = 8

describe('every reader', () => {
  it.each([
    ['our own outputs', false],
    ['the corpus of real outputs', true],
  ])(
    'answers within the contract, and without contradiction, whatever happens to %s',
    (_, withCorpus) => {
      if (withCorpus && !hasCorpus()) return
      const subjects = loadSubjects(undefined, withCorpus)
      const wholes = new Map<Subject, CalculationResult>()
      fc.assert(
        fc.property(fc.nat(), fc.nat(), (seed, index) => {
          expect(attempt(subjects, seed, index, wholes)).toBeNull()
        }),
        { seed: 5, numRuns: 2_000, interruptAfterTimeLimit: SECONDS * 1_000, markInterruptAsFailure: false },
      )
    },
    60_000,
  )
})

describe('a prefix', () => {
  const CUTS = 40
  const byKind = Map.groupBy(
    loadSubjects(undefined, false).filter(({ joint }) => joint === null),
    ({ code, kind }) => `${code} ${kind}`,
  )
  it.each([...byKind])(
    'of %s says nothing that the whole denies, wherever it ends',
    (_, subjects) => {
      for (const subject of subjects) {
        const whole = readText(subject, subject.text)
        for (let i = 1; i < CUTS; i += 1) {
          const at = Math.floor((subject.text.length * i) / CUTS)
          expect(contradiction(readText(subject, subject.text.slice(0, at)), whole), `${subject.name} until ${at}`).toBeNull()
        }
      }
    },
    60_000,
  )
})

describe('the laws', () => {
  it('see a step that a prefix reads otherwise', () => {
    const [subject] = loadSubjects('ase', false)
    if (subject === undefined) throw new Error('no output of ASE among our own')
    const whole = readText(subject, subject.text)
    const steps = whole.properties.trajectory ?? []
    const torn = { ...whole, properties: { trajectory: steps.map((step, i) => (i === 3 ? { ...step, energyEv: -1 } : step)) } }
    expect(contradiction(whole, whole)).toBeNull()
    expect(contradiction(torn, whole)).toMatch(/^energyEv of step 4 is -1 in a prefix and -10\.375 in the whole/)
    expect(contradiction({ ...whole, energyEv: -2 }, whole)).toMatch(/^energyEv is -2 in a prefix with all steps/)
    expect(contradiction(whole, { ...whole, energyEv: null })).toMatch(/and null in the whole$/)
  })
})
