import { describe, expect, it } from 'vitest'
import { type Code, type Healthy, type Mistake, prepared } from './case.ts'
import { CRYSTAL_HEALTHY, CRYSTAL_MISTAKES } from './crystal.ts'
import { ORCA_HEALTHY, ORCA_MISTAKES } from './orca.ts'
import { QE_HEALTHY, QE_MISTAKES } from './quantum-espresso.ts'
import { SCRIPT_HEALTHY, SCRIPT_MISTAKES } from './script.ts'
import { VASP_HEALTHY, VASP_MISTAKES } from './vasp.ts'
import { WANNIER90_HEALTHY, WANNIER90_MISTAKES } from './wannier90.ts'
import { YAMBO_HEALTHY, YAMBO_MISTAKES } from './yambo.ts'

const TABLES: readonly (readonly [Code, readonly Mistake[], readonly Healthy[]])[] = [
  ['quantum-espresso', QE_MISTAKES, QE_HEALTHY],
  ['vasp', VASP_MISTAKES, VASP_HEALTHY],
  ['orca', ORCA_MISTAKES, ORCA_HEALTHY],
  ['wannier90', WANNIER90_MISTAKES, WANNIER90_HEALTHY],
  ['script', SCRIPT_MISTAKES, SCRIPT_HEALTHY],
  ['crystal', CRYSTAL_MISTAKES, CRYSTAL_HEALTHY],
  ['yambo', YAMBO_MISTAKES, YAMBO_HEALTHY],
]

it('there are at least 200 mistakes, each told once', () => {
  const all = TABLES.flatMap(([code, mistakes]) => mistakes.map(([mistake]) => `${code}: ${mistake}`))
  expect(all.length).toBeGreaterThanOrEqual(200)
  expect(new Set(all).size).toBe(all.length)
})

describe.each(TABLES)('%s refuses', (code, mistakes) => {
  it.each(mistakes)('%s', (_, asked, path, message, mend) => {
    const answer = prepared(code, asked)
    const problems = answer.ok ? [] : answer.problems
    expect(problems.map((problem) => problem.path)).toContain(path)
    const told = problems.filter((problem) => problem.path === path)
    expect(told.map((problem) => problem.message).join('\n')).toMatch(message)
    expect(told.map((problem) => problem.mend ?? '').join('\n')).toMatch(mend)
  })
})

describe('healthy inputs', () => {
  it('there are at least 50', () => expect(TABLES.flatMap(([, , cases]) => cases).length).toBeGreaterThanOrEqual(50))

  const all = TABLES.flatMap(([code, , cases]) => cases.map(([what, asked]) => [code, what, asked] as const))
  it.each(all)('%s: %s is taken', (code, _, asked) => {
    const answer = prepared(code, asked)
    expect(answer.ok ? [] : answer.problems).toEqual([])
  })
})
