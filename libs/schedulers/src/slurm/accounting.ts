import { type AccountingRow, type AccountingStep, type Ending, NativeId } from '@crystalmath/contract'
import { gist, integer, troubleOf } from '../said.ts'
import type { AccountingReading, Question, Who } from '../scheduler.ts'
import { meaningOf } from './states.ts'
import { plain, records, SEPARATOR } from './status.ts'

const FIELDS = 'JobID,State,ExitCode,Submit,Start,End,ElapsedRaw,AllocCPUS,NodeList,MaxRSS,Reason,Comment,JobName'

/** Named one by one: without `-s`, sacct leaves out jobs that never became eligible; with it, it wants both ends of the time. */
const STATES = 'PD,R,S,RQ,RS,CD,CA,F,TO,NF,PR,BF,DL,OOM'

/** Every record of these names (`-D`: also of ids that came twice), with steps: OUT_OF_MEMORY may stand in a step alone. */
export const accounting = ({ account, tokens }: Who, sinceSeconds: number): Question<AccountingReading> => ({
  argv: plain(
    ...['sacct', '-n', '-P', '-D', '--noconvert', `--delimiter=${SEPARATOR}`, '-u', account, '-o', FIELDS],
    ...['-S', `now-${Math.ceil(sinceSeconds)}seconds`, '-E', 'now', '-s', STATES],
    ...(tokens.length > 0 ? [`--name=${tokens.join(',')}`] : []),
  ),
  timeoutSeconds: 40,
  read(said) {
    const trouble = troubleOf(said, 'sacct', 'ACCOUNTING_DOWN')
    if (trouble !== null) return { rows: [], complete: false, trouble }
    const rows: (AccountingRow & { readonly steps: AccountingStep[] })[] = []
    for (const record of records(said.stdout)) {
      const fields = record.split(SEPARATOR)
      const id = /^([^.\s]+)(?:\.(.+))?$/.exec(fields[0] ?? '')
      const unbegun = membersOf(id?.[1] ?? '')
      if (unbegun !== null && fields.length >= 13) {
        rows.push(...unbegun.map((member) => ({ ...rowOf(member, fields), steps: [] })))
        continue
      }
      const nativeId = NativeId.safeParse(id?.[1])
      if (!nativeId.success || fields.length < 13)
        return {
          rows,
          complete: false,
          trouble: { kind: 'OTHER', said: `sacct printed a line that is none of its own: "${gist(record)}"` },
        }
      const step = id?.[2]
      if (step === undefined) rows.push({ ...rowOf(nativeId.data, fields), steps: [] })
      else rows.findLast((row) => row.nativeId === nativeId.data)?.steps.push(stepOf(step, fields))
    }
    return { rows, complete: true, trouble: null }
  },
})

function rowOf(nativeId: NativeId, fields: readonly string[]): Omit<AccountingRow, 'steps'> {
  const [, raw = '', exit = '', submit, start, end, elapsed, cores, nodes = '', , reason = '', comment = '', ...name] = fields
  const endedSeconds = integer(end)
  return {
    nativeId,
    name: name.join(SEPARATOR),
    comment: comment === '' ? null : comment,
    raw,
    // after an outage of its database, sacct shows COMPLETED with an unknown end for a while: not yet an ending
    ending: endedSeconds === null ? null : endingOf(raw),
    ...exitOf(exit),
    submittedSeconds: integer(submit),
    startedSeconds: integer(start),
    endedSeconds,
    elapsedSeconds: integer(elapsed),
    coreCount: integer(cores),
    nodes: nodes === '' || nodes === 'None assigned' ? null : nodes,
    cancelledBy: /^CANCELLED by (\S+)/.exec(raw)?.[1] ?? null,
    reason: reason === '' || reason === 'None' ? null : reason,
  }
}

/** A controller that starts without its state has slurmdbd close what ran as CANCELLED, by nobody; whoever cancels is named. */
const endingOf = (raw: string): Ending | null => (raw === 'CANCELLED' ? 'NODE_FAILED' : meaningOf(raw).ending)

function stepOf(name: string, fields: readonly string[]): AccountingStep {
  const [, raw = '', exit = '', , , , , , , maxRss = ''] = fields
  return { name, raw, ending: meaningOf(raw).ending, ...exitOf(exit), maxRssMebibytes: mebibytes(maxRss) }
}

/** `7:0`, `0:15`. */
function exitOf(text: string): { readonly exitCode: number; readonly signal: number } {
  const [code, signal] = text.split(':').map(Number)
  return { exitCode: code || 0, signal: signal || 0 }
}

const UNITS: Readonly<Record<string, number>> = { '': 1 / 2 ** 20, K: 1 / 2 ** 10, M: 1, G: 2 ** 10, T: 2 ** 20 }

function mebibytes(text: string): number | null {
  const [, number, unit = ''] = /^([\d.]+)([KMGT]?)$/.exec(text.trim()) ?? []
  return number === undefined ? null : Number(number) * (UNITS[unit] ?? 0)
}

/** Members of an array that never began share a record, `11_[2-5,7%2]`; a long list ends in `...`, and what is left out is not known. Null: no such record. */
export function membersOf(id: string): readonly NativeId[] | null {
  const [, array, list] = /^(\d+)_\[([\d,-]*)(?:\.\.\.)?(?:%\d+)?\]$/.exec(id) ?? []
  if (array === undefined || list === undefined) return null
  const indexes = list.split(',').flatMap((range) => {
    const [from = Number.NaN, to = from] = range.split('-').map(Number)
    return range === '' || to - from > MAX_MEMBERS ? [] : Array.from({ length: to - from + 1 }, (_, i) => from + i)
  })
  return indexes.map((index) => NativeId.parse(`${array}_${index}`))
}

/** Largest MaxArraySize that slurm.conf(5) takes. */
const MAX_MEMBERS = 4_000_001
