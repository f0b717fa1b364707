import { z } from 'zod'

/** A job's id: a UUID (version 7 when posted, version 5 when derived, so that a repeated decision makes nothing twice). */
export const JobId = z.uuid().brand<'JobId'>()
export type JobId = z.infer<typeof JobId>

/** Lower-case name of letters, digits and dashes, 1 to 32 characters: it stands in subjects, paths and URLs. */
const Slug = z
  .string()
  .regex(/^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$/, 'must be 1 to 32 lower-case letters, digits or inner dashes')

export const ProjectId = Slug.brand<'ProjectId'>()
export type ProjectId = z.infer<typeof ProjectId>

export const ClusterName = Slug.brand<'ClusterName'>()
export type ClusterName = z.infer<typeof ClusterName>

export const UserId = Slug.brand<'UserId'>()
export type UserId = z.infer<typeof UserId>

export const CampaignId = z.uuid().brand<'CampaignId'>()
export type CampaignId = z.infer<typeof CampaignId>

/** An id that a batch system gave: `812`, `812_3`, `812+1`, `ƒ2oLk7`. Comes again after a lost state: match the token too. */
export const NativeId = z
  .string()
  .regex(/^[\p{L}\p{N}_.+[\]-]{1,64}$/u)
  .brand<'NativeId'>()
export type NativeId = z.infer<typeof NativeId>

/** `<job>.<attempt>`: the name and the comment of what runs on the cluster for one attempt. */
export const Token = z
  .string()
  .regex(/^[0-9a-f-]{36}\.[0-9]{1,4}$/)
  .brand<'Token'>()
export type Token = z.infer<typeof Token>

/** Of what has been checked already: it is asked for fifty thousand jobs at a time. */
export const tokenOf = (jobId: JobId, attempt: number): Token => `${jobId}.${attempt}` as Token

/** The job and the attempt that a token names. */
export function partsOf(token: Token): { readonly jobId: JobId; readonly attempt: number } {
  const at = token.lastIndexOf('.')
  return { jobId: JobId.parse(token.slice(0, at)), attempt: Number(token.slice(at + 1)) }
}
