import type { Structure } from '@crystalmath/contract'
import { describe, expect, it } from 'vitest'
import type { Task } from '../../code-writes.ts'
import { SILICON, sampleTask, type TaskParts } from '../../writing/sample-task.ts'
import { restartOrca } from '../restart.ts'
import { prepareOrca } from './prepare.ts'

const WATER: Structure = {
  latticeAngstrom: null,
  species: ['O', 'H', 'H'],
  positionsAngstrom: [
    [0, 0, 0.1173],
    [0, 0.7572, -0.4692],
    [0, -0.7572, -0.4692],
  ],
}
const task = (parameters: TaskParts['parameters'], over: Partial<TaskParts> = {}): Task =>
  sampleTask({ code: 'orca', structure: WATER, ...over, parameters })
const preparation = (one: Task) => {
  const prepared = prepareOrca(one)
  if (!prepared.ok) throw new Error(JSON.stringify(prepared.problems))
  return prepared.preparation
}
const input = (one: Task) => preparation(one).files[0]?.text ?? ''
const firstProblem = (one: Task) => {
  const prepared = prepareOrca(one)
  return prepared.ok ? undefined : prepared.problems[0]
}

describe('a job for ORCA', () => {
  it('is rendered in a fixed order, byte for byte', () => {
    const parameters = {
      method: 'b3lyp',
      basis: 'def2-svp',
      dispersion: 'D3BJ',
      calculation: 'optimization',
      keywords: ['RIJCOSX', 'def2/J'],
      blocks: { tddft: { NRoots: 5 } },
      scfMaxIterations: 200,
    }
    expect(input(task(parameters, { request: { resources: { ranks: 4, memoryMebibytes: 8000 } } }))).toBe(
      `! B3LYP def2-SVP D3BJ Opt TightSCF RIJCOSX def2/J
%base "orca"
%pal nprocs 4 end
%maxcore 1500
%scf
  MaxIter 200
end
%tddft
  NRoots 5
end
* xyz 0 1
O      0.000000000000     0.000000000000     0.117300000000
H      0.000000000000     0.757200000000    -0.469200000000
H      0.000000000000    -0.757200000000    -0.469200000000
*
`,
    )
  })

  it('is run by ORCA itself, not under the launcher', () => {
    expect(preparation(task({})).steps).toEqual([
      { program: 'orca', args: ['orca.inp'], stdin: null, stdout: 'orca.out', parallel: false },
    ])
    const several = task({}, { request: { resources: { ranks: 2, memoryMebibytes: 4000 } } })
    expect(preparation(several).warnings).toEqual([
      'ORCA must be called by its full path to run on several ranks: register codes.orca.executables.orca',
    ])
  })

  it('takes method, basis and dispersion from the preset where nothing is said', () => {
    expect(input(task({}))).toContain('! PBE0 def2-TZVP D4 SP TightSCF\n')
    expect(input(task({ preset: 'fast' }))).toContain('! r2SCAN-3c SP NormalSCF\n')
    expect(input(task({ method: 'wB97X-V', basis: 'def2-SVP' }))).toContain('! wB97X-V def2-SVP SP TightSCF\n')
  })

  it('holds atoms where the structure fixes them, and knows solvents', () => {
    const held = {
      ...WATER,
      fixed: [
        [true, true, true],
        [false, false, false],
        [false, false, false],
      ] as [boolean, boolean, boolean][],
    }
    expect(input(task({ calculation: 'optimization' }, { structure: held }))).toContain(
      '%geom\n  Constraints\n    { C 0 C }\n  end\nend\n',
    )
    expect(input(task({ solvent: { model: 'SMD', name: 'water' } }))).toContain('%cpcm\n  smd true\n  SMDsolvent "water"\nend\n')
    expect(input(task({ solvent: { model: 'CPCM', name: 'toluene' } }))).toContain('CPCM(toluene)')
  })

  it('reads the orbitals of an attempt that stopped by itself', () => {
    const artefacts = {
      attempt: 1,
      files: [{ path: 'orca.gbw', size: 9_000 }],
      cleanStop: true,
      ranks: 1,
      codeVersion: '6.0.0',
      lastStructure: null,
    }
    const plan = restartOrca(task({}), artefacts, 'charge-density')
    if ('refused' in plan) throw new Error(plan.refused)
    const text = input(task({}, { restart: plan }))
    expect(text).toContain('MORead\n')
    expect(text).toContain('%moinp "guess.gbw"\n')
    expect(restartOrca(task({}), { ...artefacts, cleanStop: false }, 'checkpoint')).toEqual({
      refused: 'the attempt was killed: its orbitals may be torn, and no geometry was computed',
    })
  })
})

describe('a job for ORCA that cannot be right', () => {
  it.each<[string, TaskParts['parameters'], string, string]>([
    ['a misspelt functional', { method: 'B3LPY' }, '"B3LPY" is no method', 'did you mean B3LYP?'],
    ['a misspelt basis', { basis: 'def2-TZPV' }, '"def2-TZPV" is no basis set', 'did you mean def2-TZVP?'],
    ['a misspelt word', { keywords: ['TigthSCF'] }, `"TigthSCF" is no word`, 'did you mean TightSCF?'],
    ['ranks in the input', { keywords: ['PAL4'] }, 'the number of ranks is taken from resources.ranks', 'leave it out'],
    ['an unknown block', { blocks: { tdft: { NRoots: 3 } } }, 'ORCA has no block %tdft', 'did you mean %tddft?'],
    ['a block of ours', { blocks: { pal: { nprocs: 4 } } }, '%pal is set by the platform, from resources.ranks', ''],
    [
      'an impossible multiplicity',
      { multiplicity: 2 },
      '10 electrons cannot have a multiplicity of 2',
      'write an odd multiplicity',
    ],
    [
      'an odd number of electrons and no word on them',
      { charge: 1 },
      '9 electrons cannot have a multiplicity of 1',
      'write an even multiplicity: 2',
    ],
    ['more charge than electrons', { charge: 10 }, 'a charge of 10 leaves 0 electrons', ''],
    ['a word with a line break', { keywords: ['SP\n%pal'] }, 'keywords must be a list of words', ''],
  ])('with %s is refused', (_, parameters, message, mend) => {
    expect(firstProblem(task(parameters))?.message).toContain(message)
    expect(firstProblem(task(parameters))?.mend).toContain(mend)
  })

  it('is refused for a crystal, and for atoms fixed in one direction', () => {
    expect(firstProblem(task({}, { structure: SILICON }))?.message).toBe('ORCA computes molecules, but this structure repeats')
    expect(
      firstProblem(
        task(
          {},
          {
            structure: {
              ...WATER,
              fixed: [
                [true, false, false],
                [false, false, false],
                [false, false, false],
              ],
            },
          },
        ),
      )?.path,
    ).toBe('structure.fixed[0]')
  })

  it('lets a word through that the user vouches for', () => {
    expect(input(task({ method: 'NewDFT25', basis: 'def2-SVP', allowUnknown: ['NewDFT25'] }))).toContain('! NewDFT25 def2-SVP SP')
  })
})
