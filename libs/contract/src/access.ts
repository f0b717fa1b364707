import { z } from 'zod'
import { CampaignId, ProjectId, UserId } from './ids.ts'

const time = z.iso.datetime()

/** `viewer` reads; `member` also submits and acts on jobs; `owner` also says who belongs to the project. */
export const ROLES = ['viewer', 'member', 'owner'] as const
export const Role = z.enum(ROLES)
export type Role = z.infer<typeof Role>

/** Whether a role allows what `needed` allows. */
export const roleCovers = (role: Role, needed: Role): boolean => ROLES.indexOf(role) >= ROLES.indexOf(needed)

export const UserView = z.object({
  id: UserId,
  name: z.string(),
  /** May everything, in every project. */
  admin: z.boolean(),
  createdAt: time,
  disabledAt: time.nullable(),
})
export type UserView = z.infer<typeof UserView>
export const UserCreate = z.strictObject({
  id: UserId,
  name: z.string().min(1).max(200).optional(),
  admin: z.boolean().default(false),
})
export const UserChange = z.strictObject({
  name: z.string().min(1).max(200).optional(),
  admin: z.boolean().optional(),
  disabled: z.boolean().optional(),
})

export const ProjectView = z.object({
  id: ProjectId,
  title: z.string(),
  createdAt: time,
  members: z.array(z.object({ user: UserId, role: Role })),
  /** Of two projects with jobs for the same account, the one of twice the weight gets twice the cores. */
  weight: z.number(),
  /** Core-hours that its jobs may cost in all; null: there is no budget. */
  budgetCoreHours: z.number().nullable(),
})
export type ProjectView = z.infer<typeof ProjectView>
export const ProjectCreate = z.strictObject({ id: ProjectId, title: z.string().min(1).max(200).optional() })
/** Body of `PATCH /v1/projects/{id}`; weight and budget by administrators only. */
export const ProjectChange = z.strictObject({
  title: z.string().min(1).max(200).optional(),
  weight: z.number().min(0.001).max(1_000_000).optional(),
  /** Null: no budget. */
  budgetCoreHours: z.number().min(0).max(1e12).nullable().optional(),
})
export type ProjectChange = z.infer<typeof ProjectChange>
/** `GET /v1/projects/{id}/usage`, core-hours. */
export const ProjectUsage = z.object({
  project: ProjectId,
  budgetCoreHours: z.number().nullable(),
  /** By accounting, or by wall time on the cores that were asked for where accounting has not spoken yet or does not. */
  spentCoreHours: z.number(),
  /** What attempts that are on a cluster may still cost: their wall clocks on all their cores. */
  reservedCoreHours: z.number(),
  /** Null: there is no budget. */
  leftCoreHours: z.number().nullable(),
  /** The dearest first, at most 200. */
  users: z.array(z.object({ user: UserId, coreHours: z.number(), attempts: z.number().int() })),
  /** The same; null: jobs of no campaign. */
  campaigns: z.array(z.object({ campaign: CampaignId.nullable(), coreHours: z.number(), attempts: z.number().int() })),
})
export type ProjectUsage = z.infer<typeof ProjectUsage>
/** Body of `PUT /v1/projects/{id}/members/{user}`. */
export const MemberChange = z.strictObject({ role: Role })

/** A token as it is listed; its text is shown once, when it is made. */
export const TokenView = z.object({
  id: z.string(),
  user: UserId,
  name: z.string(),
  createdAt: time,
  expiresAt: time.nullable(),
  /** To the minute. */
  lastUsedAt: time.nullable(),
  revokedAt: time.nullable(),
})
export type TokenView = z.infer<typeof TokenView>
export const TokenCreate = z.strictObject({
  /** Whose; absent: the caller's own. Others' only by admins. */
  user: UserId.optional(),
  name: z.string().min(1).max(100).default('token'),
  expiresInDays: z.number().int().min(1).max(3_650).optional(),
})
export const TokenCreated = z.object({ ...TokenView.shape, token: z.string() })
export type TokenCreated = z.infer<typeof TokenCreated>

/** `GET /v1/me`. */
export const Me = z.object({
  user: UserView,
  projects: z.array(z.object({ id: ProjectId, role: Role })),
})
export type Me = z.infer<typeof Me>

/** One line of the audit log: who did what to what. */
export const AuditEntry = z.object({
  at: time,
  user: z.string(),
  /** `POST /v1/jobs/{id}/cancel`. */
  action: z.string(),
  target: z.string(),
  detail: z.record(z.string(), z.unknown()),
  requestId: z.string(),
})
export type AuditEntry = z.infer<typeof AuditEntry>
