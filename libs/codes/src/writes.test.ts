import type { Structure } from '@crystalmath/contract'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { CodeWrites, Task } from './code-writes.ts'
import { WRITES, writesOf } from './writes.ts'
import { applyRemedy } from './writing/apply-remedy.ts'
import { pseudopotential, SILICON, sampleTask } from './writing/sample-task.ts'

const WATER: Structure = {
  latticeAngstrom: null,
  species: ['O', 'H', 'H'],
  positionsAngstrom: [
    [0, 0, 0.1173],
    [0, 0.7572, -0.4692],
    [0, -0.7572, -0.4692],
  ],
}
const overlaps = ['mmn', 'amn', 'eig'].map((ending) => ({ path: `wannier90.${ending}`, text: 'x' }))

/** A task that each code accepts. */
const GOOD: Readonly<Record<string, Task>> = {
  'quantum-espresso': sampleTask({
    code: 'quantum-espresso',
    parameters: { cutoffRydberg: 20, calculation: 'relax' },
    files: [pseudopotential({ fileName: 'Si.UPF', element: 'Si' })],
  }),
  vasp: sampleTask({
    code: 'vasp',
    parameters: { calculation: 'relax' },
    files: [pseudopotential({ fileName: 'potpaw_PBE.54/Si/POTCAR', element: 'Si', functional: 'PBE', cutoffRydberg: 18 })],
  }),
  orca: sampleTask({ code: 'orca', parameters: {}, structure: WATER }),
  wannier90: sampleTask({
    code: 'wannier90',
    parameters: { wannierFunctionCount: 4, kMesh: [2, 2, 2] },
    request: { extraFiles: overlaps },
  }),
  crystal: sampleTask({ code: 'crystal', parameters: { basis: 'STO-3G' }, structure: WATER }),
  yambo: sampleTask({
    code: 'yambo',
    parameters: {
      ...{ bandCount: 20, exchangeCutoffRydberg: 30, screeningCutoffRydberg: 4, pw: { cutoffRydberg: 40, kMesh: [4, 4, 4] } },
      quasiparticles: [{ kPoints: [1, 1], bands: [4, 5] }],
    },
    files: [pseudopotential({ fileName: 'Si.UPF', element: 'Si' })],
  }),
  script: sampleTask({ code: 'script', parameters: { script: 'true' } }),
}
const taskOf = ({ code }: CodeWrites): Task => {
  const task = GOOD[code]
  if (task === undefined) throw new Error(`add a task for ${code} to this test`)
  return task
}

/** Words that parameters of some code have, with values of any kind. */
const names = fc.constantFrom(
  'calculation',
  'control',
  'system',
  'electrons',
  'incar',
  'kMesh',
  'kPoints',
  'kSpacingPerAngstrom',
  'smearing',
  'pseudopotentials',
  'steps',
  'blocks',
  'keywords',
  'win',
  'script',
  'keep',
  'cards',
  'method',
  'charge',
  'multiplicity',
  'cutoffRydberg',
  'pools',
  'preset',
  'projections',
  '__proto__',
  'constructor',
  'toString',
)
const parameters = fc.dictionary(fc.oneof(names, fc.string({ maxLength: 12 })), fc.anything({ maxDepth: 3, maxKeys: 4 }), {
  maxKeys: 6,
})

describe.each(WRITES.map((writes) => [writes.code, writes] as const))(
  '%s keeps the contract of what makes jobs',
  (code, writes) => {
    const prepared = (task: Task = taskOf(writes)) => {
      const answer = writes.prepare(task)
      if (!answer.ok) throw new Error(JSON.stringify(answer.problems))
      return answer.preparation
    }

    it('is found by its name', () => expect(writesOf(code)).toBe(writes))

    it('gives the same files for the same task, and leaves the task alone', () => {
      const before = structuredClone(taskOf(writes))
      expect(prepared()).toEqual(prepared())
      expect(taskOf(writes)).toEqual(before)
    })

    it('writes every file once, inside its own folder, and reads no input that it has not written', () => {
      const { files, clusterFiles, steps } = prepared()
      const paths = [...files.map(({ path }) => path), ...clusterFiles.map(({ to }) => to)]
      expect(new Set(paths).size).toBe(paths.length)
      for (const path of paths) expect(path).toMatch(/^[A-Za-z0-9_][A-Za-z0-9_.+-]*(\/[A-Za-z0-9_][A-Za-z0-9_.+-]*)*$/)
      for (const { stdin, stdout } of steps) {
        expect(stdin === null || paths.includes(stdin)).toBe(true)
        expect(paths).not.toContain(stdout)
      }
    })

    it('keeps no data under licence and nothing outside its folder', () => {
      for (const pattern of prepared().keep) expect(pattern).toMatch(/^(?!.*(POTCAR|POT_|PSCTR|\.\.|^\/))[^\s]+$/)
      expect(prepared().keep).not.toContain('*')
    })

    it('brings the files of the user along, and refuses one in the place of its own', () => {
      const task = taskOf(writes)
      const withFile = (path: string): Task => ({
        ...task,
        request: { ...task.request, extraFiles: [...task.request.extraFiles, { path, text: 'mine' }] },
      })
      expect(prepared(withFile('notes.txt')).files).toContainEqual({ path: 'notes.txt', text: 'mine' })
      const [first] = prepared().files
      const clash = writes.prepare(withFile(first?.path ?? ''))
      expect(clash.ok).toBe(false)
    })

    it('says where, what and what helps for whatever it refuses, and never throws', () =>
      fc.assert(
        fc.property(parameters, fc.boolean(), (changes, alone) => {
          const task = taskOf(writes)
          const answer = writes.prepare({ ...task, parameters: alone ? changes : { ...task.parameters, ...changes } })
          if (answer.ok) return
          expect(answer.problems.length).toBeGreaterThan(0)
          for (const { path, message, mend } of answer.problems)
            expect([path === '', message === '', (mend ?? '') === '']).toEqual([false, false, false])
        }),
        { numRuns: 300 },
      ))

    it('does not let a user say what an attempt begins from', () => {
      const task = taskOf(writes)
      const parameters = { ...task.parameters, restart: { mode: 'checkpoint' } }
      expect(writes.prepare({ ...task, request: { ...task.request, parameters }, parameters }).ok).toBe(false)
    })

    it('refuses a parameter that it does not know', () => {
      const task = taskOf(writes)
      expect(writes.prepare({ ...task, parameters: { ...task.parameters, noSuchParameter: 1 } }).ok).toBe(false)
    })

    it('never builds on files of an attempt that was killed', () => {
      const files = [
        'out/crystalmath.save/charge-density.dat',
        'out/crystalmath.save/data-file-schema.xml',
        'WAVECAR',
        'CHGCAR',
        'orca.gbw',
        'fort.9',
        'wannier90.chk',
        'wannier90.mmn',
      ].map((path) => ({ path, size: 1_000 }))
      for (const from of ['scratch', 'charge-density', 'checkpoint', 'geometry'] as const) {
        const plan = writes.restart(
          taskOf(writes),
          { attempt: 1, files, cleanStop: false, ranks: 1, codeVersion: null, lastStructure: SILICON },
          from,
        )
        expect('refused' in plan ? [] : plan.files).toEqual([])
      }
    })

    it('prepares what its own restart plans set', () => {
      const files = [
        'out/crystalmath.save/charge-density.dat',
        'out/crystalmath.save/data-file-schema.xml',
        'WAVECAR',
        'CHGCAR',
        'orca.gbw',
        'fort.9',
        'wannier90.chk',
        'wannier90.mmn',
      ].map((path) => ({ path, size: 1_000 }))
      const task = taskOf(writes)
      for (const from of ['scratch', 'charge-density', 'checkpoint', 'geometry'] as const) {
        const plan = writes.restart(
          task,
          { attempt: 1, files, cleanStop: true, ranks: 1, codeVersion: null, lastStructure: task.structure },
          from,
        )
        if ('refused' in plan) continue
        // as a service hands it on: the plan itself, or only what it set
        const { parameters } = applyRemedy(task.parameters, task.resources, {
          name: 'restart',
          effect: 'none',
          limit: 1,
          set: plan.set,
          because: plan.because,
        })
        const [byPlan, bySettings] = [
          prepared({ ...task, restart: plan }),
          prepared({ ...task, parameters, structure: plan.structure ?? task.structure }),
        ]
        expect(bySettings).toEqual(byPlan)
        const { parameters: anew } = applyRemedy(parameters, task.resources, {
          name: 'test',
          effect: 'none',
          limit: 1,
          because: 'begins anew',
        })
        expect(prepared({ ...task, parameters: anew })).toEqual(prepared())
      }
    })
  },
)

/** The same in the code's own words, where the tasks above use ours. */
const OWN_WORDS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  'quantum-espresso': { smearing: { kind: 'cold', widthEv: 0.1 }, electrons: { mixing_beta: 0.3 }, kMesh: [2, 2, 2], pools: 1 },
  vasp: {
    smearing: { kind: 'gaussian', widthEv: 0.1 },
    kMesh: [3, 3, 3],
    calculation: 'relax',
    functional: 'HSE06',
    dispersion: 'D3',
  },
  crystal: { calculation: 'relax', accelerator: 'ANDERSON', energyToleranceDigits: 8 },
  orca: { method: 'B3LYP', blocks: { scf: { MaxIter: 50 } }, keywords: ['SlowConv'] },
}

describe.each(WRITES.map((writes) => [writes.code, writes] as const))('every remedy of %s', (_, writes) => {
  const remedies = Object.values(writes.remedies).flat()

  it('leaves a task that can be prepared', () => {
    const task = taskOf(writes)
    for (const remedy of remedies) {
      const parameters = { ...task.parameters, ...OWN_WORDS[writes.code] }
      const after = applyRemedy(parameters, task.resources, remedy, { defaults: writes.defaults ?? {} })
      const answer = writes.prepare({
        ...task,
        request: { ...task.request, parameters },
        parameters: after.parameters,
        resources: after.resources,
      })
      expect([remedy.name, answer.ok ? [] : answer.problems]).toEqual([remedy.name, []])
    }
  })
})
