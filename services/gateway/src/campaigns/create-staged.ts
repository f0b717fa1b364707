import { randomUUID } from 'node:crypto'
import type { CampaignCreated, CrystalEvent } from '@crystalmath/contract'
import type { Command } from '@crystalmath/job'
import {
  type CampaignDocument,
  type CampaignRow,
  changeCampaign,
  createJobs,
  eachStaged,
  findJobsById,
  findKnownCalculations,
  findResult,
  newestCodeVersion,
  type Store,
  saveResult,
  settleRows,
  touchCampaign,
} from '@crystalmath/store'
import type { Deps } from '../deps.ts'
import { inTurn } from './in-turn.ts'

/** Jobs per write: others are served in between. */
const JOBS_PER_WRITE = 500

type Post = Extract<Command, { type: 'PostJob' }>

/** Makes jobs of all staged rows, then opens the campaign: only then may any of them be sent. Safe to repeat: ids are the rows' own. */
export async function createStaged(
  { store, now }: Pick<Deps, 'store' | 'now'>,
  campaign: CampaignDocument,
): Promise<{ readonly campaign: CampaignDocument; readonly reused: CampaignCreated['reused'] }> {
  const reused: CampaignCreated['reused'] = []
  let some: CampaignRow[] = []
  let last: Post | undefined
  const making = inTurn(async (rows: readonly CampaignRow[]) => {
    const at = now().toISOString()
    const posts = await Promise.all((await withKnown(store, campaign, rows)).map((one) => toPost(store, one, at, reused)))
    // a row that still says what it is to become is made again: it keeps the news as well
    await createJobs(store, posts, { isRepeated: true })
    await settleRows(
      store.db,
      rows.map(({ _id }) => _id),
    )
    await touchCampaign(store.db, campaign._id, at, null)
    last = posts.at(-1) ?? last
  })
  for await (const row of eachStaged(store.db, campaign._id)) {
    some.push(row)
    if (some.length < JOBS_PER_WRITE) continue
    await making.next(some)
    some = []
  }
  if (some.length > 0) await making.next(some)
  await making.done()
  const opened = await changeCampaign(store.db, campaign._id, { state: 'open' })
  if (last !== undefined) await ring(store, last)
  return { campaign: opened ?? campaign, reused }
}

type Known = { readonly row: CampaignRow; readonly resultId: string | null; readonly sameAs: CampaignRow['_id'] | null }

/** With each row the stored result of the same calculation, if it may be reused: of the same code, in the version that the cluster runs now. */
async function withKnown(store: Store, campaign: CampaignDocument, rows: readonly CampaignRow[]): Promise<readonly Known[]> {
  const hashes = rows.flatMap(({ posted }) => posted?.calculationHash ?? [])
  const known =
    campaign.duplicates === 'reuse' && hashes.length > 0
      ? await findKnownCalculations(store.db, campaign.project, hashes)
      : new Map<string, never>()
  return rows.map((row) => {
    const found = known.get(row.posted?.calculationHash ?? '')
    const isUsable = found !== undefined && found.status === 'completed' && found.id !== row._id
    return { row, resultId: isUsable ? found.resultId : null, sameAs: isUsable ? found.id : null }
  })
}

const majorMinor = (version: string | null): string | null => version?.split('.').slice(0, 2).join('.') ?? null

async function toPost(
  store: Store,
  { row, resultId, sameAs }: Known,
  at: string,
  reused: CampaignCreated['reused'],
): Promise<Post> {
  if (row.posted === undefined) throw new TypeError('a staged row says what it is to become')
  const { posted } = row
  if (row.adopted !== undefined) return { type: 'PostJob', at, posted, adopted: row.adopted }
  const plain: Post = { type: 'PostJob', at, posted }
  if (resultId === null || sameAs === null || posted.request.after !== undefined) return plain
  const [result, other] = await Promise.all([findResult(store, resultId), findJobsById(store.db, [sameAs])])
  const summary = other.get(sameAs)?.summary ?? null
  const version = majorMinor(result?.codeVersion ?? null)
  if (result === null || summary === null || version === null) return plain
  if (version !== majorMinor(await newestCodeVersion(store, posted.cluster, posted.code))) return plain
  reused.push({ row: row.row, sameAs })
  const said = `the result of job ${sameAs}, which computed the same with ${posted.code} ${result.codeVersion}`
  return { ...plain, adopted: { resultId: await saveResult(store, posted.id, 1, result), summary, diagnosis: null, said } }
}

/** The news of the jobs came while none could be sent: one more wakes who sends them. */
async function ring({ publish, source }: Store, { at, posted }: Post): Promise<void> {
  const { id, cluster, projectId, code } = posted
  const event: CrystalEvent = {
    specversion: '1.0',
    id: randomUUID(),
    source,
    subject: id,
    time: at,
    datacontenttype: 'application/json',
    dataschema: 'https://crystalmath.dev/schemas/JobSubmitted.json',
    type: 'JobSubmitted',
    data: { jobId: id, attempt: 1, version: 1, projectId, code, cluster },
  }
  await publish?.([event]).catch(() => undefined) // a hint only: the submitter looks by itself, too
}
