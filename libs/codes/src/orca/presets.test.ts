import type { Structure } from '@crystalmath/contract'
import { describe, expect, it } from 'vitest'
import { writesOf } from '../writes.ts'
import { sampleTask } from '../writing/sample-task.ts'
import { output } from './read/output.ts'
import { outputResult } from './read/output-result.ts'

const molecule = (species: readonly string[]): Structure => ({
  latticeAngstrom: null,
  species: [...species],
  positionsAngstrom: species.map((_, atom) => [0, 0, 1.9 * atom]),
})
const AMO = molecule(['Am', 'O'])
const UO = molecule(['U', 'O'])
const AUH = molecule(['Au', 'H'])
const prepare = (parameters: Readonly<Record<string, unknown>>, structure = AMO, paths: readonly string[] = []) =>
  writesOf('orca')?.prepare(
    sampleTask({ code: 'orca', structure, parameters, request: { extraFiles: paths.map((path) => ({ path, text: 'x' })) } }),
  )
const input = (...asked: Parameters<typeof prepare>) => {
  const prepared = prepare(...asked)
  return prepared?.ok === true ? (prepared.preparation.files[0]?.text ?? '') : JSON.stringify(prepared)
}

describe('templates for heavy elements', () => {
  it('omol writes basis and core potential of every actinide, and computes the gradient', () => {
    expect(
      input({ preset: 'omol', multiplicity: 8 }),
    ).toBe(`! wB97M-V def2-TZVPD def2/J EnGrad RIJCOSX NoUseSym DIIS NoSOSCF NormalConv DefGrid3 AllPop NoNBO NoNPA
%base "orca"
%basis
  NewGTO Am "ma-def-TZVP" end
  NewECP Am "def-ECP" end
end
%elprop
  Dipole true
  Quadrupole true
end
%output
  Print[P_ReducedOrbPopMO_L] 1
  Print[P_ReducedOrbPopMO_M] 1
  Print[P_BondOrder_L] 1
  Print[P_BondOrder_M] 1
  Print[P_Fockian] 1
  Print[P_OrbEn] 2
end
%scf
  Convergence Tight
  MaxIter 300
  THRESH 1e-12
  TCUT 1e-13
end
* xyz 0 8
Am     0.000000000000     0.000000000000     0.000000000000
O      0.000000000000     0.000000000000     1.900000000000
*
`)
    expect(input({ preset: 'omol', multiplicity: 5 }, molecule(['Np', 'U', 'F']))).toMatch(/NewECP Np[\s\S]*NewECP U /)
    expect(input({ preset: 'omol', multiplicity: 1 }, AUH)).not.toContain('%basis')
  })

  it('x2c and dk3 take all electrons in sets made for it, on every atom', () => {
    expect(input({ preset: 'x2c', multiplicity: 8 })).toMatch(
      /^! PBE0 x2c-TZVPall x2c\/J D4 SP TightSCF X2C RIJCOSX\n[\s\S]*NewGTO Am "SARC-DKH-TZVP" end\n/,
    )
    expect(input({ preset: 'dk3', multiplicity: 5 }, UO)).toMatch(
      /^! PBE0 cc-pVTZ-DK AutoAux D4 SP TightSCF DKH RIJCOSX\n[\s\S]*NewGTO U "cc-pVTZ-DK3" end\n/,
    )
    for (const preset of ['x2c', 'dk3']) expect(input({ preset, multiplicity: 5 }, UO)).not.toContain('ECP')
  })

  it.each([
    [{ preset: 'dk3', multiplicity: 8 }, AMO, 'dk3 has no basis set for Am'],
    [{ preset: 'omol', multiplicity: 2 }, molecule(['Fr']), 'omol has no basis set for Fr'],
    [{ preset: 'omol25' }, AUH, 'the preset omol25 reads def2-tzvpd.bas'],
    [{ basis: 'def2-TZVP', keywords: ['X2C'] }, AUH, 'X2C needs all electrons, but def2-TZVP puts a core potential on Au'],
    [{ basis: 'def2-TZVP', keywords: ['ZORA'] }, molecule(['N', 'N']), 'ZORA needs all electrons in a set that is made for it'],
    [{ basis: 'DKH-def2-TZVP', keywords: ['DKH'] }, AUH, 'DKH-def2-TZVP has no functions for Au'],
    [{ basis: 'SARC-ZORA-TZVP', keywords: ['ZORA'] }, AUH, 'SARC-ZORA-TZVP has no functions for H'],
    [
      { keywords: ['DKH'], blocks: { basis: ['NewECP Au "def2-ECP" end'] } },
      AUH,
      'DKH needs all electrons, and this block sets a core potential',
    ],
  ] as const)('refuse %j', (parameters, structure, message) =>
    expect(prepare(parameters, structure)).toMatchObject({
      ok: false,
      problems: expect.arrayContaining([expect.objectContaining({ message: expect.stringContaining(message) })]),
    }),
  )

  it('omol25 takes its file of functions, and says which version it renders', () => {
    const prepared = prepare({ preset: 'OMol25' }, AUH, ['def2-tzvpd.bas'])
    expect(prepared).toMatchObject({ ok: true, preparation: { preset: 'omol25@fairchem-data-omol-0.1.2' } })
    expect(input({ preset: 'omol25' }, AUH, ['def2-tzvpd.bas'])).toContain('%basis\n  GTOName "def2-tzvpd.bas"\nend')
  })
})

/** What ORCA prints of an americium oxide, by its number of electrons. */
const printed = (electrons: number) => `Program Version 6.0.1  -  RELEASE  -
---------------------------------
CARTESIAN COORDINATES (ANGSTROEM)
---------------------------------
  Am     0.000000    0.000000    0.000000
  O      0.000000    0.000000    1.859000

----------------------------
ECP PARAMETER INFORMATION
----------------------------

 Group 1, Type Am ECP Def-ECP (replacing 60 core electrons, lmax=5)

Atom   0Am   ECP group =>   1

 Total Charge           Charge          ....    0
 Multiplicity           Mult            ....    8
 Number of Electrons    NEL             ....   ${electrons}
`
describe('the count of electrons that ORCA computes with', () => {
  const kinds = (text: string) => {
    const reader = output('orca.out', { full: false })
    reader.feed(text, 1)
    return outputResult(reader.end(), 'orca.out').diagnoses.map(({ kind }) => kind)
  }
  it('is nuclei less core potentials and charge', () => expect(kinds(printed(43))).not.toContain('WRONG_ELECTRON_COUNT'))
  it.each([
    ['without the core potential', printed(103)],
    ['with another charge', printed(42)],
    ['with the potential of fewer electrons', printed(43).replace('replacing 60', 'replacing 28')],
  ])('is wrong %s', (_, text) => expect(kinds(text)).toContain('WRONG_ELECTRON_COUNT'))
})
