import { type Artefacts, artefactFault, type CodeWrites, type RestartPlan, type Task } from '@crystalmath/codes'

/** Ways to begin, from what keeps most to what keeps least. */
export const WAYS = ['checkpoint', 'charge-density', 'geometry', 'scratch'] as const

/** What one way to begin would build on, or why it cannot be. */
export type Way = {
  readonly way: (typeof WAYS)[number]
  readonly files: readonly string[]
  readonly usesGeometry: boolean
  /** Why this, or why not. */
  readonly because: string
  readonly possible: boolean
}

export type FileVerdict = {
  readonly path: string
  readonly size: number
  /** Ways that would take the file over. */
  readonly usedFor: readonly Way['way'][]
  /** Why no way takes it; null where one does. */
  readonly reason: string | null
}

export type ArtefactReport = { readonly files: readonly FileVerdict[]; readonly ways: readonly Way[] }

/** What an attempt left and what the rules of its code would build on: the same rules that recovery follows. */
export function judgeArtefacts(writes: CodeWrites, task: Task, artefacts: Artefacts): ArtefactReport {
  const ways = WAYS.map((way) => wayOf(way, writes.restart(task, artefacts, way)))
  const files = artefacts.files.map((file) => {
    const { path, size } = file
    const usedFor = ways.filter((way) => way.files.includes(path)).map(({ way }) => way)
    return {
      path,
      size,
      usedFor,
      reason: usedFor.length > 0 ? null : (artefactFault(writes, file, artefacts) ?? reasonOf(size, artefacts, ways)),
    }
  })
  return { files, ways }
}

const wayOf = (way: Way['way'], plan: RestartPlan | { readonly refused: string }): Way =>
  'refused' in plan
    ? { way, files: [], usesGeometry: false, because: plan.refused, possible: false }
    : {
        way,
        files: plan.files.map(({ from }) => from),
        usesGeometry: plan.structure !== null,
        because: plan.because,
        possible: true,
      }

function reasonOf(size: number, { cleanStop }: Artefacts, ways: readonly Way[]): string {
  if (size === 0) return 'empty'
  if (!cleanStop) return 'the attempt was killed: it may be torn'
  const refused = ways.find(({ possible }) => !possible)
  return ways.some(({ files }) => files.length > 0) || refused === undefined ? 'no restart reads it' : refused.because
}
