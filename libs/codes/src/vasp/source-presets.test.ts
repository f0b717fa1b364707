import type { Structure } from '@crystalmath/contract'
import { describe, expect, it } from 'vitest'
import { writesOf } from '../writes.ts'
import { pseudopotential, SILICON, sampleTask } from '../writing/sample-task.ts'

const potcar = (release: string, variant: string) =>
  pseudopotential({
    fileName: `${release}/${variant}/POTCAR`,
    element: variant.replace(/_.*/, ''),
    kind: 'PAW',
    functional: 'PBE',
    valenceElectrons: 8,
    cutoffRydberg: 20,
  })
const FILES = ['potpaw_PBE', 'potpaw_PBE.64'].flatMap((release) =>
  ['Si', 'Fe', 'Fe_pv', 'O'].map((variant) => potcar(release, variant)),
)
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
const prepare = (parameters: Readonly<Record<string, unknown>>, structure = WUSTITE, files = FILES) =>
  writesOf('vasp')?.prepare(sampleTask({ code: 'vasp', parameters, structure, files }))
const rendered = (...asked: Parameters<typeof prepare>) => {
  const prepared = prepare(...asked)
  if (prepared?.ok !== true) throw new Error(JSON.stringify(prepared))
  const { files, clusterFiles, preset, warnings } = prepared.preparation
  return {
    text: (path: string) => files.find((file) => file.path === path)?.text,
    from: clusterFiles.map(({ from }) => from),
    preset,
    warnings,
  }
}

describe('a preset under the name of another program', () => {
  it('renders what MPRelaxSet renders: U, moments, tetrahedra, its own release and variants', () => {
    const { text, from, preset } = rendered({ preset: 'mp-gga-relax' })
    expect(text('INCAR')).toBe(`ALGO = Fast
EDIFF = 0.0001
ENCUT = 520
IBRION = 2
ISIF = 3
ISMEAR = -5
ISPIN = 2
LASPH = .TRUE.
LDAU = .TRUE.
LDAUJ = 2*0
LDAUL = 2 0
LDAUPRINT = 1
LDAUTYPE = 2
LDAUU = 5.3 0
LMAXMIX = 4
LORBIT = 11
LREAL = Auto
LWAVE = .FALSE.
MAGMOM = 5 0.6
NELM = 100
NSW = 99
PREC = Accurate
SIGMA = 0.05
`)
    expect(text('KPOINTS')).toContain('Gamma\n9 9 9\n')
    expect(from).toEqual(['/sw/pseudo/potpaw_PBE/Fe_pv/POTCAR', '/sw/pseudo/potpaw_PBE/O/POTCAR'])
    expect(preset).toBe('mp-gga-relax@atomate2-0.1.5')
  })

  it('leaves k points to KSPACING where the source does, and takes a mesh that is given instead', () => {
    expect(rendered({ preset: 'matpes-pbe-static' }).text('INCAR')).toContain('KSPACING = 0.22')
    expect(rendered({ preset: 'matpes-pbe-static' }).text('KPOINTS')).toBeUndefined()
    const given = rendered({ preset: 'matpes-pbe-static', kMesh: [4, 4, 4] })
    expect([given.text('INCAR')?.includes('KSPACING'), given.text('KPOINTS')?.includes('4 4 4')]).toEqual([false, true])
  })

  it('takes moments and tags that are given, and an old name with a warning', () => {
    const moments = { ...WUSTITE, initialMomentsBohr: [4, 0] }
    expect(rendered({ preset: 'mp-gga-relax', incar: { NSW: 5 } }, moments).text('INCAR')).toMatch(
      /MAGMOM = 4 0\nNELM = 100\nNSW = 5\n/,
    )
    expect(rendered({ preset: 'MPRelaxSet' })).toMatchObject({
      preset: 'mp-gga-relax@atomate2-0.1.5',
      warnings: [expect.stringContaining('called mp-gga-relax now')],
    })
    expect(rendered({ preset: 'DefaultSetGGA' }, SILICON).text('INCAR')).toContain('NSW = 0')
  })

  it.each([
    [{ preset: 'mp-gga-relax', calculation: 'static' }, 'the preset mp-gga-relax is for "vc-relax"'],
    [{ preset: 'DefaultSetGGA', functional: 'HSE06' }, 'the preset DefaultSetGGA fixes the functional'],
    [{ preset: 'mp-gga-relx' }, expect.stringContaining('preset must be one of fast')],
  ])('refuses %j', (parameters, message) => expect(prepare(parameters)).toMatchObject({ ok: false, problems: [{ message }] }))

  it('names the release that is missing', () => {
    const only = FILES.filter(({ fileName }) => fileName.startsWith('potpaw_PBE/'))
    expect(prepare({ preset: 'matpes-pbe-static' }, WUSTITE, only)).toMatchObject({
      ok: false,
      problems: [{ message: expect.stringContaining('in potpaw_PBE.64') }, {}],
    })
    expect(prepare({ preset: 'matpes-pbe-static', pseudopotentialFamily: 'potpaw_PBE' }, WUSTITE, only)).toMatchObject({
      ok: true,
    })
  })
})
