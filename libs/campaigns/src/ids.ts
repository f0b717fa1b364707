import { createHash } from 'node:crypto'
import { CampaignId, JobId } from '@crystalmath/contract'

/** Namespace of ids of campaigns and of their rows; a random UUID, fixed for ever. */
const NAMESPACE = '0f6a4be3-93f0-4a0e-8a58-6b1c2f7d1e94'

/** UUID version 5 (RFC 9562): the same origin always has the same id. */
function derived(origin: string): string {
  const space = NAMESPACE.replaceAll('-', '').replace(/../g, (pair) => String.fromCharCode(Number.parseInt(pair, 16)))
  const hash = createHash('sha1').update(space, 'latin1').update(origin, 'utf8').digest('hex')
  const variant = ((Number.parseInt(hash.slice(16, 17), 16) & 0x3) | 0x8).toString(16)
  return `${hash.slice(0, 8)}-${hash.slice(8, 12)}-5${hash.slice(13, 16)}-${variant}${hash.slice(17, 20)}-${hash.slice(20, 32)}`
}

/** The campaign that one idempotency key of one user stands for. */
export const campaignIdFrom = (origin: string): CampaignId => CampaignId.parse(derived(`campaign:${origin}`))

/** The job of one row: importing a campaign again makes nothing twice. Rows count from 0. */
export const rowJobId = (campaign: CampaignId, row: number): JobId => JobId.parse(derived(`${campaign}.${row}`))
