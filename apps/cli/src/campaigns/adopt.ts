import { basename, resolve } from 'node:path'
import { openClient, type TableSource } from '@crystalmath/client'
import type { CampaignHeadInput } from '@crystalmath/contract'
import { type ConnectionFlags, findLogin } from '../connection.ts'
import { EXIT, UsageError } from '../exit.ts'
import { formatBar } from '../output/campaigns.ts'
import { print, printJson, remark } from '../output/text.ts'
import { findJobDirectories, type JobDirectory } from './job-directories.ts'

export type AdoptFlags = ConnectionFlags & {
  readonly cluster: string
  readonly name?: string
  readonly project?: string
  readonly idempotencyKey?: string
  readonly json?: boolean
}

/** Reads all calculations below a folder and makes a campaign of them: jobs that are over, with results. Nothing is run. */
export async function adopt(folder: string, flags: AdoptFlags): Promise<void> {
  const { url, token, project } = await findLogin(flags)
  const first = await findJobDirectories(folder).next()
  if (first.done === true) throw new UsageError(`${folder}: no directory below it holds an output that a reader knows`)
  const head = {
    name: flags.name ?? basename(resolve(folder)),
    template: {
      project: flags.project ?? project,
      cluster: flags.cluster,
      code: first.value.result.code,
      recovery: { strategy: 'FAIL_FAST' },
    },
  } as CampaignHeadInput // the platform checks it
  const { idempotencyKey } = flags
  const created = await openClient({ url, token }).createCampaign(head, sourceOf(folder), { skipBad: true, idempotencyKey })
  if (created.skippedCount > 0) process.exitCode = EXIT.bad
  if (flags.json === true) return printJson(created)
  const { campaign } = created
  if (campaign === null) return
  print(`${campaign.id}  ${campaign.name}: ${campaign.total} calculations`)
  print(formatBar(campaign))
  if (created.skippedCount > 0) remark(`${created.skippedCount} results could not be stored; --json says why`)
}

/** One line of JSON per calculation, read while it is sent. */
function sourceOf(folder: string): TableSource {
  const line = ({ path, result }: JobDirectory) => `${JSON.stringify({ name: path.slice(-200), path, adopted: result })}\n`
  const open = async function* () {
    const encoder = new TextEncoder()
    for await (const one of findJobDirectories(folder)) yield encoder.encode(line(one))
  }
  return { format: 'jsonl', open }
}
