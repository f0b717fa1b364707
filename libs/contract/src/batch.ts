import { z } from 'zod'
import { NativeId, type Token } from './ids.ts'

/** The id of an array or a pilot. */
export const BatchId = z.uuid().brand<'BatchId'>()
export type BatchId = z.infer<typeof BatchId>

/** How jobs go into the queue. `array`: jobs of one shape under one submission; `pilot`: many side by side in one allocation; `auto`: whatever pays. */
export const Packing = z.enum(['auto', 'single', 'array', 'pilot'])
export type Packing = z.infer<typeof Packing>

/** That an attempt went out as part of an array or a pilot, and which of its members it is. */
export type Membership = {
  readonly id: BatchId
  readonly kind: 'array' | 'pilot'
  readonly index: number
  /** The pilot that it was fed to, which lived already; absent: the batch is its own. */
  readonly into?: BatchId
}

/** What an attempt went out with, as the API shows it. */
export const BatchView = z.object({
  kind: z.enum(['array', 'pilot']),
  id: BatchId,
  /** Which of its members. */
  index: z.number().int(),
  /** The pilot that it was fed to while that lived; absent: it went out with it. */
  into: BatchId.optional(),
})
export type BatchView = z.infer<typeof BatchView>

/** Under whose submission its members run: its own, or that of the pilot that it was fed to. */
export const carrierOf = ({ id, into = id }: Pick<Membership, 'id' | 'into'>): BatchId => into

/** The name that an array or a pilot bears in the queue. A batch is tried once: what comes back from it goes out under another. */
export const batchToken = (id: BatchId): Token => `${id}.1` as Token

/** What an attempt is found by in the queue: a name, and in an array its index. */
export type QueueName = { readonly token: Token; readonly index: number | null }

/** Under which names an attempt may stand in the queue: its own, and those of the batches that its tries went out with. */
export const queueNamesOf = (token: Token, batches: readonly Membership[]): readonly QueueName[] => [
  { token, index: null },
  ...batches.map((batch) => queueNameOf(token, batch)),
]

/** Under which its present try does: its own name, or its batch's. */
export const queueNameOf = (token: Token, batch: Membership | null | undefined): QueueName =>
  batch == null
    ? { token, index: null }
    : { token: batchToken(carrierOf(batch)), index: batch.kind === 'array' ? batch.index : null }

type Row = { readonly name: string; readonly nativeId: NativeId }

/** One word for a name, to look rows up by. */
export const queueKey = ({ token, index }: QueueName): string => (index === null ? token : `${token}_${index}`)

/** The same word, of a row: `812_3` is member 3 of an array. */
export function rowKey({ name, nativeId }: Row): string {
  const [, index] = /^\d+_(\d+)$/.exec(nativeId) ?? []
  return index === undefined ? name : `${name}_${index}`
}

/** The scheduler's id of a member, from that of its batch: `812` → `812_3`. In a pilot all have the pilot's. */
export const memberId = (id: NativeId, { kind, index }: Membership): NativeId =>
  kind === 'array' ? NativeId.parse(`${id}_${index}`) : id

/** Before it can begin nobody any more, s: who would be sent to a pilot there came late, so nobody is, and one without members ends. */
export const PILOT_LATE_SECONDS = 30

/** How a pilot uses its allocation. */
export type PilotShape = {
  /** Members side by side, and cores of each. */
  readonly slots: number
  readonly cores: number
  /** Wall clock of a member, and how long before its end it is warned (0: it is not). */
  readonly memberSeconds: number
  readonly earlySeconds: number
  /** Of the whole allocation. */
  readonly lifetimeSeconds: number
}
