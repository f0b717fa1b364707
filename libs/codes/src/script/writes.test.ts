import { describe, expect, it } from 'vitest'
import { SILICON, sampleTask, type TaskParts } from '../writing/sample-task.ts'
import { scriptWrites } from './writes.ts'

const prepare = (parameters: TaskParts['parameters'], over: Partial<TaskParts> = {}) =>
  scriptWrites.prepare(sampleTask({ code: 'script', structure: null, ...over, parameters }))
const firstProblem = (parameters: TaskParts['parameters'], over: Partial<TaskParts> = {}) => {
  const prepared = prepare(parameters, over)
  return prepared.ok ? undefined : prepared.problems[0]
}

describe('a script', () => {
  it('is one run of sh, not under the launcher', () => {
    expect(prepare({ script: 'echo hello\r\n', keep: ['*.dat', 'results/*.json'] })).toEqual({
      ok: true,
      preparation: {
        files: [{ path: 'script.sh', text: 'echo hello\n' }],
        clusterFiles: [],
        steps: [{ program: 'sh', args: ['script.sh'], stdin: null, stdout: 'script.out', parallel: false }],
        stopFile: null,
        keep: ['script.out', '*.dat', 'results/*.json'],
        parse: 'script.out',
        warnings: [],
      },
    })
  })

  it('finds its structure and its files beside it', () => {
    const prepared = prepare(
      { script: 'true' },
      { structure: SILICON, request: { extraFiles: [{ path: 'data.txt', text: '1' }] } },
    )
    expect(prepared.ok && prepared.preparation.files.map(({ path }) => path)).toEqual([
      'script.sh',
      'structure.extxyz',
      'data.txt',
    ])
  })

  it('is warned when its first line names another interpreter', () => {
    const prepared = prepare({ script: '#!/usr/bin/env python3\nprint()' })
    expect(prepared.ok && prepared.preparation.warnings).toEqual([
      'the script is run by sh, not by /usr/bin/env python3 as its first line says',
    ])
    const plain = prepare({ script: '#!/bin/sh\ntrue' })
    expect(plain.ok && plain.preparation.warnings).toEqual([])
  })

  it.each<[string, TaskParts['parameters'], string]>([
    ['nothing to run', {}, 'a script job needs a script'],
    ['an empty script', { script: ' ' }, 'script must be the text of a POSIX shell script'],
    ['a pattern that leaves the folder', { script: 'true', keep: ['../*'] }, 'keep must be a list of at most 100 file patterns'],
    ['an absolute pattern', { script: 'true', keep: ['/etc/passwd'] }, 'keep must be a list of at most 100 file patterns'],
    ['a misspelt parameter', { script: 'true', keeps: [] }, 'there is no parameter "keeps"'],
  ])('with %s is refused', (_, parameters, message) => expect(firstProblem(parameters)?.message).toContain(message))

  it('is refused when a file of the user takes the name of ours', () => {
    expect(firstProblem({ script: 'true' }, { request: { extraFiles: [{ path: 'script.sh', text: '' }] } })?.path).toBe(
      'extraFiles[0].path',
    )
  })

  it('begins anew or not at all', () => {
    const task = sampleTask({ code: 'script', parameters: { script: 'true' } })
    const artefacts = { attempt: 1, files: [], cleanStop: true, ranks: 1, codeVersion: null, lastStructure: null }
    expect(scriptWrites.restart(task, artefacts, 'scratch')).toMatchObject({ files: [], set: {} })
    expect(scriptWrites.restart(task, artefacts, 'checkpoint')).toEqual({
      refused: 'nobody but its author knows what a script could go on from',
    })
  })
})
