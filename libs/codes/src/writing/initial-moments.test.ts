import type { Structure } from '@crystalmath/contract'
import { describe, expect, it } from 'vitest'
import { writesOf } from '../writes.ts'
import { pseudopotential, sampleTask } from './sample-task.ts'

const WUSTITE: Structure = {
  latticeAngstrom: [
    [0, 2.165, 2.165],
    [2.165, 0, 2.165],
    [2.165, 2.165, 0],
  ],
  species: ['Fe', 'O'],
  positionsAngstrom: [
    [0, 0, 0],
    [2.165, 2.165, 2.165],
  ],
}
const data = (code: 'vasp' | 'quantum-espresso', element: string) =>
  pseudopotential({
    fileName: code === 'vasp' ? `potpaw_PBE/${element}/POTCAR` : `${element}.UPF`,
    element,
    kind: 'PAW',
    functional: 'PBE',
    valenceElectrons: element === 'Fe' ? 8 : 6,
    cutoffRydberg: 30,
  })
const prepare = (code: 'vasp' | 'quantum-espresso', initialMoments: unknown, structure: Structure = WUSTITE) =>
  writesOf(code)?.prepare(
    sampleTask({ code, structure, parameters: { initialMoments }, files: ['Fe', 'O'].map((element) => data(code, element)) }),
  )
const text = (...asked: Parameters<typeof prepare>) => {
  const prepared = prepare(...asked)
  return prepared?.ok === true ? (prepared.preparation.files[0]?.text ?? '') : JSON.stringify(prepared)
}

describe('initial moments by element', () => {
  it('are the Materials Project’s where its rule is named', () => {
    expect(text('vasp', 'materials-project')).toMatch(/ISPIN = 2\n[\s\S]*MAGMOM = 5 0\.6\n/)
    expect(text('quantum-espresso', 'materials-project')).toMatch(/nspin\s*=\s*2[\s\S]*starting_magnetization/)
  })

  it('are what is given, nothing for the other elements', () => expect(text('vasp', { Fe: 4 })).toContain('MAGMOM = 4 0\n'))

  it.each([
    [{ Ni: 2 }, WUSTITE, 'the structure has no Ni'],
    [{ Fe: 'up' }, WUSTITE, 'a moment must be a number'],
    ['mp', WUSTITE, 'initialMoments must be "materials-project"'],
    [{ Fe: 4 }, { ...WUSTITE, initialMomentsBohr: [4, 0] }, 'the structure gives moments site by site'],
  ] as const)('%j is refused', (asked, structure, message) =>
    expect(prepare('vasp', asked, structure as Structure)).toMatchObject({
      ok: false,
      problems: [{ message: expect.stringContaining(message) }],
    }),
  )
})
