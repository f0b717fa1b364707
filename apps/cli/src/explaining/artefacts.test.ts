import { writesOf } from '@crystalmath/codes'
import { JobRequest, Resources } from '@crystalmath/contract'
import { describe, expect, it } from 'vitest'
import { localSurroundings } from '../inputs/task.ts'
import { judgeArtefacts } from './artefacts.ts'

const { structure: _, ...request } = JobRequest.parse({ project: 'p', cluster: 'alps', code: 'vasp' })
const task = {
  request,
  structure: null,
  parameters: {},
  resources: Resources.parse(request.resources),
  ...localSurroundings('vasp', null),
  restart: null,
}
const files = [
  { path: 'WAVECAR', size: 1_000 },
  { path: 'CHGCAR', size: 0 },
  { path: 'OUTCAR', size: 2_000 },
]
const report = (cleanStop: boolean) => {
  const writes = writesOf('vasp')
  if (writes === undefined) throw new Error('VASP is written')
  return judgeArtefacts(writes, task, { attempt: 1, files, cleanStop, ranks: 1, codeVersion: null, lastStructure: null })
}

describe('what an attempt left', () => {
  it('is valid for the ways to begin that the code would take it for', () => {
    const { files: judged, ways } = report(true)
    expect(judged.find(({ path }) => path === 'WAVECAR')?.usedFor).toContain('checkpoint')
    expect(judged.find(({ path }) => path === 'CHGCAR')).toMatchObject({ usedFor: [], reason: 'empty' })
    expect(judged.find(({ path }) => path === 'OUTCAR')).toMatchObject({ usedFor: [], reason: 'no restart reads it' })
    expect(ways.at(-1)).toMatchObject({ way: 'scratch', possible: true, files: [] })
  })

  it('is valid for nothing after a kill, and says so', () => {
    const { files: judged, ways } = report(false)
    expect(judged.flatMap(({ usedFor }) => usedFor)).toEqual([])
    expect(judged[0]?.reason).toBe('the attempt was killed: it may be torn')
    expect(ways.find(({ way }) => way === 'checkpoint')?.possible).toBe(false)
  })
})
