import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { gunzipSync } from 'node:zlib'
import type { Structure } from '@crystalmath/contract'
import { parseStructure } from '@crystalmath/structures'
import { describe, expect, it } from 'vitest'
import { writesOf } from '../writes.ts'
import { pseudopotential, SILICON, sampleTask, type TaskParts } from '../writing/sample-task.ts'
import * as crystal from './crystal.ts'
import * as orca from './orca.ts'
import * as vasp from './vasp.ts'
import * as yambo from './yambo.ts'

// Inputs of real calculations, where they lie beside the checkout: read, turned into parameters of ours, written again, compared.

const CORPUS = resolve(import.meta.dirname, '../../../../../shared/corpus')
const found = (pattern: string): readonly (readonly [name: string, path: string])[] =>
  globSync(join(CORPUS, pattern))
    .sort()
    .map((path) => [relative(CORPUS, path), path])
const textOf = (path: string): string =>
  (path.endsWith('.gz') ? gunzipSync(readFileSync(path)) : readFileSync(path)).toString('latin1')

/** The text of one file of what is written for these parameters. */
function written(parts: TaskParts, file: string): string {
  const answer = writesOf(parts.code)?.prepare(sampleTask(parts))
  if (answer === undefined || !answer.ok)
    throw new Error(answer?.problems.map(({ message }) => message).join('; ') ?? 'nothing is written')
  return answer.preparation.files.find(({ path }) => path === file)?.text ?? ''
}

function structureBeside(path: string, tags: vasp.Tags): Structure {
  const poscar = join(dirname(path), 'POSCAR')
  const parsed = existsSync(poscar) ? parseStructure({ format: 'poscar', text: textOf(poscar) }) : null
  return parsed?.ok === true && vasp.fits(parsed.structure, tags) ? parsed.structure : vasp.stand(tags)
}

/** Recorded inputs that are refused with a reason, and should be. */
const REFUSED: Readonly<Record<string, RegExp>> = {
  'vasp-errors/real-optlay-large-cell-psmaxn/INCAR': /EDIFF must be above zero/,
  'vasp-errors/too-few-bands-round-error/INCAR': /ISPIN does not know 0/,
  // NSW = -1 beside IBRION = 1: neither a relaxation nor a single point
  'vasp/aiida-vasp-converged-with-error/INCAR': /IBRION = 1 is no "static"/,
  'vasp/aiida-vasp-converged/INCAR': /IBRION = 1 is no "static"/,
  'vasp/aiida-vasp-elec-unconverged/INCAR': /IBRION = 1 is no "static"/,
  // blocks of the response in numbers of G vectors, which depend on the cell: ours are in Ry; and none at all for independent particles
  'yambo/iron-so-kerr/r-02_KERR_IP-RPA_vel_optics_bse': /screeningCutoffRydberg is missing/,
  'yambo/nomad-lif-gw/r-02_QP_PPA_em1d_ppa_HF_and_locXC_gw0': /screeningCutoffRydberg is missing/,
  'yambo/yambopy-gw-ppa/r-yambo_em1d_ppa_HF_and_locXC_gw0': /screeningCutoffRydberg is missing/,
  // functions without atoms have no place in a structure of ours
  'crystal/nomad-ghost-atoms-cry09/fevo46_sngt_ti_zero.cryst.out': /the basis set of \?/,
  'orca/opi-geometry/geometry.out': /wB97X-3c brings its own basis set/,
}

describe.skipIf(!existsSync(CORPUS))('a recorded INCAR is written again, tag by tag', () => {
  it.each(found('vasp*/*/INCAR*'))('%s', (name, path) => {
    const tags = vasp.tagsOf(textOf(path))
    const structure = structureBeside(path, tags)
    const files = [...new Set(structure.species)].map((element) =>
      pseudopotential({
        fileName: `potpaw_PBE/${element}/POTCAR`,
        element,
        kind: 'PAW',
        functional: 'PBE',
        valenceElectrons: 2,
        cutoffRydberg: 20,
      }),
    )
    const request = { resources: { ranks: vasp.ranksOf(tags), memoryMebibytes: 1_000 } }
    const refused = REFUSED[name]
    if (refused !== undefined) {
      expect(() =>
        written({ code: 'vasp', parameters: vasp.parametersOf(tags, structure.species), structure, files, request }, ''),
      ).toThrow(refused)
      return
    }
    const rendered = written(
      { code: 'vasp', parameters: vasp.parametersOf(tags, structure.species), structure, files, request },
      'INCAR',
    )
    expect(vasp.differences(tags, vasp.tagsOf(rendered))).toEqual([])
  })
})
describe.skipIf(!existsSync(CORPUS))('a recorded input of ORCA is written again, word by word', () => {
  const echoed = found('orca/*/*').filter(
    ([name, path]) => !/case\.json$|\.xz$/.test(name) && orca.inputIn(textOf(path)) !== null,
  )
  // internal coordinates and files of coordinates are no structures of ours
  const inputs = echoed
    .map(([name, path]) => [name, orca.parsed(orca.inputIn(textOf(path)) ?? '')] as const)
    .filter(([, { atoms }]) => atoms.length > 0)
  it.each(inputs)('%s', (name, recorded) => {
    const { parameters, structure, ranks } = orca.asked(recorded)
    const parts = { code: 'orca', parameters, structure, request: { resources: { ranks, memoryMebibytes: 1_000_000 } } } as const
    const refused = REFUSED[name]
    if (refused !== undefined) {
      expect(() => written(parts, 'orca.inp')).toThrow(refused)
      return
    }
    const rendered = written(parts, 'orca.inp')
    expect(orca.differences(recorded, orca.parsed(rendered))).toEqual([])
  })
})

describe.skipIf(!existsSync(CORPUS))('a recorded input of YAMBO is written again, variable by variable', () => {
  const inputs = [...found('yambo/*/r[-_]*'), ...found('yambo/*/*.in')].flatMap(([name, path]) => {
    const recorded = yambo.variablesOf(yambo.inputIn(textOf(path)) ?? '')
    const parameters = yambo.parametersOf(recorded)
    return parameters === null ? [] : [[name, recorded, parameters] as const]
  })
  it.each(inputs)('%s', (name, recorded, parameters) => {
    const files = [pseudopotential({ fileName: 'Si.UPF', element: 'Si' })]
    const again = () => written({ code: 'yambo', parameters, structure: SILICON, files }, 'yambo.in')
    const refused = REFUSED[name]
    if (refused === undefined) expect(yambo.differences(recorded, yambo.variablesOf(again()))).toEqual([])
    else expect(again).toThrow(refused)
  })
})

describe.skipIf(!existsSync(CORPUS))('a recorded deck of CRYSTAL is written again, word by word', () => {
  const decks = found('crystal/*/*').flatMap(([name, path]) => {
    const deck = /case\.json$/.test(name) ? null : crystal.deckIn(textOf(path))
    return deck === null ? [] : [[name, deck] as const]
  })
  it.each(decks)('%s', (name, recorded) => {
    const again = () => written({ code: 'crystal', ...crystal.asked(recorded) }, 'INPUT')
    const refused = REFUSED[name]
    if (refused !== undefined) {
      expect(again).toThrow(refused)
      return
    }
    const rendered = crystal.deckIn(again())
    if (rendered === null) throw new Error('what is written is no deck')
    expect(crystal.differences(recorded, rendered)).toEqual([])
  })
})
