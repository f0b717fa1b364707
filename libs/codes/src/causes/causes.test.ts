import { describe, expect, it } from 'vitest'
import type { CodeReads } from '../code-reads.ts'
import { readFiles } from '../reading/testing.ts'
import { whatHelps } from '../reading/what-helps.ts'
import { readsOf } from '../reads.ts'
import { writesOf } from '../writes.ts'
import { AROUND } from './around.ts'
import { PEERS } from './index.ts'
import type { Cause, PeerTable } from './table.ts'

const CODES = new Map<PeerTable['code'], CodeReads>()
for (const { code } of PEERS) {
  const later = readsOf(code)
  if (later !== undefined) CODES.set(code, await later.load())
}

function diagnosesOf({ code, head }: PeerTable, { file, said, beside = {} }: Cause) {
  const reads = CODES.get(code)
  if (reads === undefined) throw new Error(`${code} is not read`)
  return readFiles(reads, { [file]: `${head(file)}${said}\n`, ...beside }).diagnoses
}

/** A block of several lines is quoted as one. */
const within = (quoted: string, said: string): boolean => quoted.includes(said) || said.includes(quoted)

describe.each(PEERS.map((table) => [table.peer, table] as const))('what %s looks for', (_peer, table) => {
  it.each(table.causes.map((cause) => [cause.key, cause.said, cause] as const))('%s: %s', (_key, _said, cause) => {
    const [first] = diagnosesOf(table, cause)
    expect(first).toMatchObject({ kind: cause.kind, evidence: { file: cause.file } })
    const evidence = cause.evidence === undefined ? cause.said.split('\n')[0] : cause.evidence
    if (evidence !== null && evidence !== undefined) {
      const text = `${table.head(cause.file)}${cause.said}`
      const at = text.split('\n').findIndex((line) => line.includes(evidence))
      expect(first?.evidence.line).toBe(at + 1)
      expect(within(first?.evidence.text ?? 'nothing', evidence.trim())).toBe(true)
    }
    expect(first?.message).toMatch(/\w+ \w+/)
    const remedies = writesOf(table.code)?.remedies[cause.kind] ?? []
    expect(remedies.length > 0 || whatHelps(cause.kind) !== null, `nothing helps against ${cause.kind}`).toBe(true)
  })
})

/** What no code prints, at the end of what each code prints. */
describe.each(PEERS.map((table) => [table.code, table] as const))('an output of %s that others end', (_code, table) => {
  const [{ file }] = table.causes as readonly [Cause]
  it.each(AROUND)('%s', (line, kind) => {
    const [first, ...others] = diagnosesOf(table, { key: '', file, said: line, kind })
    expect(first).toMatchObject({ kind, evidence: { file, text: line.slice(0, 300) } })
    expect(first?.evidence.line).toBe(table.head(file).split('\n').length)
    expect(others.every((other) => other.kind === 'OUTPUT_INCOMPLETE' || other.kind === 'NOSTART')).toBe(true)
  })

  it('tells what killed it before the kill', () => {
    const said =
      'job.sh: line 40:  4711 Killed                  run\nslurmstepd: error: Detected 1 oom_kill event in StepId=812.batch.'
    expect(diagnosesOf(table, { key: '', file, said, kind: '' })[0]?.kind).toBe('OUT_OF_MEMORY')
  })
})
