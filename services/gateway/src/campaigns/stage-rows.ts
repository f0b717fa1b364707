import { setImmediate as breathe } from 'node:timers/promises'
import {
  type Adopted,
  adoptedFrom,
  columnsOf,
  forecast,
  type RowRules,
  rowJobId,
  type Shape,
  type TableRow,
  toJobRequest,
} from '@crystalmath/campaigns'
import type {
  CalculationResult,
  CampaignCreated,
  CampaignHead,
  CampaignId,
  InputProblem,
  JobId,
  Structure,
} from '@crystalmath/contract'
import {
  type CampaignRow,
  findKnownCalculations,
  listClusters,
  resultIdOf,
  saveResult,
  saveStructures,
  stageRows,
  touchCampaign,
} from '@crystalmath/store'
import { type BadRow, checkRow, type GoodRow } from '../checking/check-row.ts'
import { createContext } from '../checking/context.ts'
import { type RunsOf, readFinishedRuns } from '../checking/finished-runs.ts'
import { checkPredecessors } from '../checking/predecessors.ts'
import { structuresOf } from '../creating/create-all.ts'
import type { Deps } from '../deps.ts'
import { tooLarge } from '../http/problem.ts'
import type { Caller } from '../http/route.ts'
import { inTurn } from './in-turn.ts'
import type { Incoming } from './read-table.ts'

const MAX_ROWS = 1_000_000
/** Problems, warnings and known calculations that an answer lists. */
const MAX_LISTED = 1_000
const MAX_ERRORS_PER_ROW = 20

export type Staging = {
  readonly deps: Deps
  readonly caller: Caller
  readonly id: CampaignId
  /** Bad rows are left out; else the first one ends the staging, and the rest is only checked. */
  readonly skipBad: boolean
  readonly dryRun: boolean
  /** Whether none of its rows can have been staged before. */
  readonly isNew: boolean
}

/** What staging found: everything of the answer but the campaign. */
export type Staged = Pick<CampaignCreated, 'accepted' | 'skippedCount' | 'skipped' | 'repeated' | 'warnings' | 'plan'> & {
  readonly columns: readonly string[]
}

type Tally = {
  accepted: number
  skippedCount: number
  readonly skipped: { row: number; errors: InputProblem[] }[]
  readonly repeated: CampaignCreated['repeated']
  readonly warnings: InputProblem[]
  readonly columns: Set<string>
  /** How many rows ask the batch system for what. */
  readonly shapes: Map<string, Shape>
  /** Which row computed what first, by `shortHash`: some 70 bytes a row are all that stays of it. */
  readonly seen: Map<string, number>
}

/** Checks every row as the submitter would see it, down to its rendered inputs, and stores the good ones beside the jobs. */
export async function stageAll(staging: Staging, { head, rows }: Pick<Incoming, 'head' | 'rows'>): Promise<Staged> {
  const tally: Tally = {
    accepted: 0,
    skippedCount: 0,
    skipped: [],
    repeated: [],
    warnings: [],
    columns: new Set(),
    shapes: new Map(),
    seen: new Map(),
  }
  const clusters = await listClusters(staging.deps.store)
  const runsOf = await readFinishedRuns(staging.deps.store, [head.template])
  const rules = rulesOf(head)
  let found: Found[] = []
  const storing = inTurn((some: readonly Found[]) => storeAll(staging, some))
  for await (const some of rows) {
    for (let at = 0; at < some.length; at += ROWS_AT_ONCE) {
      found.push(await checkSome(staging, { head, rules, clusters, runsOf }, some.slice(at, at + ROWS_AT_ONCE), tally))
      await breathe() // others are served in between
      if (found.reduce((sum, { rows: ready }) => sum + ready.length, 0) < ROWS_PER_WRITE) continue
      await storing.next(found)
      found = []
    }
    if (tally.accepted + tally.skippedCount > MAX_ROWS) throw tooLarge(`more than ${MAX_ROWS} rows; make several campaigns`)
  }
  await storing.next(found)
  await storing.done()
  const { seen: _, shapes, columns, ...rest } = tally
  const cluster = clusters.find(({ spec }) => spec.name === head.template.cluster)
  const inventory = cluster?.inventory ?? null
  const plan = inventory === null ? null : forecast([...shapes.values()], { ...inventory, pilots: cluster?.spec.pilots })
  return { ...rest, columns: [...columns], ...(staging.dryRun ? { plan: plan?.map((group) => ({ ...group })) ?? null } : {}) }
}

/** Rows that are checked before others are served, and rows of one write. */
const ROWS_AT_ONCE = 100
const ROWS_PER_WRITE = 500

/** What some rows need stored. */
type Found = {
  readonly structures: ReadonlyMap<string, Structure>
  readonly results: readonly { readonly jobId: JobId; readonly result: CalculationResult }[]
  readonly rows: readonly CampaignRow[]
}

async function storeAll({ deps: { store, now }, id, isNew }: Staging, found: readonly Found[]): Promise<void> {
  const rows = found.flatMap((one) => one.rows)
  if (rows.length === 0) return
  await saveStructures(store, new Map(found.flatMap(({ structures }) => [...structures])))
  await Promise.all(found.flatMap(({ results }) => results.map(({ jobId, result }) => saveResult(store, jobId, 1, result))))
  await stageRows(store.db, rows, isNew)
  await touchCampaign(store.db, id, now().toISOString(), null)
}

/** What all rows are checked by. */
type Basis = {
  readonly head: CampaignHead
  readonly rules: RowRules
  readonly clusters: Awaited<ReturnType<typeof listClusters>>
  readonly runsOf: RunsOf
}

const NOTHING: Found = { structures: new Map(), results: [], rows: [] }

async function checkSome(
  staging: Staging,
  { head, rules, clusters, runsOf }: Basis,
  some: readonly TableRow[],
  tally: Tally,
): Promise<Found> {
  const { deps, id, skipBad, dryRun } = staging
  const adopted = some.flatMap((table) => adoptedRow(staging, head, table))
  const outcomes = new Map<number, Adopted>()
  const context = createContext(clusters, new Map(), runsOf)
  const cells = new Map<number, Readonly<Record<string, unknown>>>()
  const read = some
    .filter(({ cells: given }) => given['adopted'] === undefined || hasGeometry(head, given))
    .map((table): GoodRow | BadRow => {
      if (table.cells['adopted'] !== undefined) {
        const outcome = adoptedFrom(table.cells['adopted'])
        if (!outcome.ok)
          return { row: table.row, ok: false, problems: outcome.problems.map((one) => ({ row: table.row, ...one })) }
        outcomes.set(table.row, outcome)
      }
      const outcome = toJobRequest(head.template, rules, table)
      if (!outcome.ok) return { row: table.row, ok: false, problems: outcome.problems }
      cells.set(table.row, outcome.columns)
      const checked = checkRow(context, outcome.request, table.row)
      // what was run elsewhere was not run with this template: it proves nothing about the template's calculations
      return checked.ok && outcomes.has(table.row) ? { ...checked, calculationHash: null } : checked
    })
  const checked = await refuseKnown(staging, head, await checkPredecessors(deps.store, read), tally)
  for (const one of [...checked, ...adopted]) if (!one.ok) note(tally, one)
  const taken = adopted.filter((one) => one.ok)
  const good = checked.filter((row): row is GoodRow => row.ok)
  tally.accepted += good.length + taken.length
  if (dryRun) for (const row of good) if (!outcomes.has(row.row)) count(tally.shapes, row)
  for (const { staged } of taken) for (const [name] of staged.cells) tally.columns.add(name)
  tally.warnings.push(...good.flatMap(({ warnings }) => warnings).slice(0, MAX_LISTED - tally.warnings.length))
  for (const row of good) for (const name of Object.keys(cells.get(row.row) ?? {})) tally.columns.add(name)
  if (dryRun || (tally.skippedCount > 0 && !skipBad)) return NOTHING
  const rows = good.map((row) => {
    const [staged, adopted] = [stagedRow(staging, row, cells.get(row.row) ?? {}), outcomes.get(row.row)]
    return adopted === undefined ? staged : { ...staged, adopted: outcomeOf(staged._id, adopted, cells.get(row.row) ?? {}) }
  })
  return {
    structures: structuresOf(good),
    results: [
      ...taken.map(({ staged, result }) => ({ jobId: staged._id, result })),
      ...[...outcomes].map(([row, { result }]) => ({ jobId: rowJobId(id, row), result })),
    ],
    rows: [...rows, ...taken.map(({ staged }) => staged)],
  }
}

function count(shapes: Tally['shapes'], { inForce: { resources }, request: { packing } }: GoodRow): void {
  const key = JSON.stringify([resources, packing])
  shapes.set(key, { resources, packing, count: (shapes.get(key)?.count ?? 0) + 1 })
}

function note(tally: Tally, { row, problems }: BadRow): void {
  tally.skippedCount += 1
  if (tally.skipped.length < MAX_LISTED) tally.skipped.push({ row, errors: problems.slice(0, MAX_ERRORS_PER_ROW) })
}

/** Its first 128 bits, a character each byte: two of a million rows share them once in 10^27 tables. */
const shortHash = (sha256: string): string => Buffer.from(sha256.slice(0, 32), 'hex').toString('latin1')

/** `reuse`: a row that repeats another of the table is left out; `refuse`: one that repeats any calculation of the project is wrong; `run`: it is remarked. */
async function refuseKnown(
  { deps, id }: Staging,
  { duplicates, template }: CampaignHead,
  rows: readonly (GoodRow | BadRow)[],
  tally: Tally,
): Promise<readonly (GoodRow | BadRow)[]> {
  const hashes = rows.flatMap((row) => (row.ok && row.calculationHash !== null ? [row.calculationHash] : []))
  const known = duplicates === 'refuse' ? await findKnownCalculations(deps.store.db, template.project, hashes) : new Map()
  return rows.flatMap((row): readonly (GoodRow | BadRow)[] => {
    if (!row.ok || row.calculationHash === null) return [row]
    const key = shortHash(row.calculationHash)
    const before = tally.seen.get(key)
    if (before === undefined) tally.seen.set(key, row.row)
    const same = before === undefined ? known.get(row.calculationHash)?.id : rowJobId(id, before)
    if (same === undefined || same === rowJobId(id, row.row)) return [row]
    const message = `computes the same as job ${same}${before === undefined ? '' : ', another row of this table'}`
    if (duplicates === 'refuse')
      return [
        {
          row: row.row,
          ok: false,
          problems: [{ row: row.row, path: '', message, mend: 'leave it out, or allow --duplicates reuse' }],
        },
      ]
    if (duplicates === 'run') return [{ ...row, warnings: [...row.warnings, { row: row.row, path: '', message }] }]
    if (tally.repeated.length < MAX_LISTED) tally.repeated.push({ row: row.row, sameAs: same })
    return []
  })
}

type AdoptedRow = { readonly ok: true; readonly staged: CampaignRow; readonly result: CalculationResult } | BadRow

const hasGeometry = ({ geometryColumn }: CampaignHead, cells: TableRow['cells']): boolean =>
  cells[geometryColumn] !== undefined || cells['structure'] !== undefined

function outcomeOf(
  jobId: JobId,
  { summary, diagnosis }: Adopted,
  { path }: TableRow['cells'],
): NonNullable<CampaignRow['adopted']> {
  const said = `read from outputs that were there before${typeof path === 'string' ? `: ${path}` : ''}`
  return { resultId: resultIdOf(jobId, 1), summary, diagnosis, said }
}

/** A calculation that was run elsewhere becomes a job that is over: nothing of it is checked against a cluster, and nothing is sent. */
function adoptedRow({ caller, id }: Staging, head: CampaignHead, { row, cells }: TableRow): readonly AdoptedRow[] {
  const { template } = head
  if (cells['adopted'] === undefined || hasGeometry(head, cells)) return []
  const adopted = adoptedFrom(cells['adopted'])
  if (!adopted.ok) return [{ row, ok: false, problems: adopted.problems.map((problem) => ({ row, ...problem })) }]
  const { result } = adopted
  const jobId = rowJobId(id, row)
  const name =
    typeof cells['name'] === 'string' && cells['name'] !== '' ? cells['name'].slice(0, 200) : (result.formula ?? result.code)
  const request = { ...template, code: result.code }
  const { project: projectId, cluster } = template
  const facts = {
    projectId,
    userId: caller.user.id,
    campaignId: id,
    cluster,
    code: result.code,
    name,
    request,
    structureHash: null,
  }
  const posted = { id: jobId, ...facts }
  const outcome = outcomeOf(jobId, adopted, cells)
  const columns = Object.entries(columnsOf(cells, { geometryColumn: '' }))
  return [{ ok: true, result, staged: { _id: jobId, campaignId: id, row, cells: columns, posted, adopted: outcome } }]
}

function stagedRow({ caller, id }: Staging, good: GoodRow, cells: Readonly<Record<string, unknown>>): CampaignRow {
  const { row, request, name, structureHash, calculationHash, inForce } = good
  const { structure: _, ...rest } = request
  const { project: projectId, cluster, code } = request
  const facts = {
    projectId,
    userId: caller.user.id,
    campaignId: id,
    cluster,
    code,
    name,
    request: rest,
    structureHash,
    calculationHash,
    inForce,
  }
  const jobId = rowJobId(id, row)
  return { _id: jobId, campaignId: id, row, cells: Object.entries(cells), posted: { id: jobId, ...facts } }
}

/** Default columns may be absent; those that a user named must be there. */
function rulesOf(head: CampaignHead): RowRules {
  const named = [head.chargeColumn, head.spinColumn, head.multiplicityColumn, head.nameColumn]
  return {
    geometryColumn: head.geometryColumn,
    geometryFormat: head.geometryFormat,
    chargeColumn: head.chargeColumn === undefined ? 'charge' : head.chargeColumn,
    spinColumn: head.spinColumn === undefined ? 'uhf' : head.spinColumn,
    multiplicityColumn: head.multiplicityColumn === undefined ? 'multiplicity' : head.multiplicityColumn,
    nameColumn: head.nameColumn ?? null,
    required: named.filter((name) => name !== undefined && name !== null),
  }
}
