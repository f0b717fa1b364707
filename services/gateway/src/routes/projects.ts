import {
  MemberChange,
  ProjectChange,
  ProjectCreate,
  ProjectId,
  ProjectUsage,
  ProjectView,
  pageOf,
  UserId,
} from '@crystalmath/contract'
import {
  changeProject,
  createProject,
  findProject,
  findReserved,
  findSpent,
  findUser,
  listProjects,
  recordAudit,
  removeMember,
  setMember,
  sumChargesBy,
} from '@crystalmath/store'
import { conflict, forbidden, invalid, notFound } from '../http/problem.ts'
import { type Call, created, ok, type Route, route } from '../http/route.ts'
import { requireRole } from '../permissions.ts'

type AnyCall = Call<unknown, unknown>
const answers = { 200: { description: 'The project as it is now', schema: ProjectView } }

async function projectFor({ deps, caller, params }: AnyCall, needed: 'viewer' | 'owner'): Promise<ProjectView> {
  const id = ProjectId.safeParse(params['id'])
  if (!id.success) throw notFound(`there is no project "${params['id']}" that you belong to`)
  requireRole(caller, id.data, needed)
  const project = await findProject(deps.store.db, id.data)
  if (project === null) throw notFound(`there is no project "${id.data}"`)
  return project
}

const audit = ({ deps, caller, requestId }: AnyCall, action: string, target: string, detail: Record<string, unknown> = {}) =>
  recordAudit(deps.store.db, { at: deps.now().toISOString(), user: caller.user.id, action, target, detail, requestId })

/** A project without an owner could be given to nobody. */
function keepsAnOwner(project: ProjectView, without: UserId): void {
  if (project.members.some(({ user, role }) => role === 'owner' && user !== without)) return
  throw conflict(`"${without}" is the last owner of project "${project.id}"; make another owner first`)
}

/** Users and campaigns that an answer lists. */
const LISTED = 200

async function usageOf({ deps: { store, now } }: AnyCall, { id, budgetCoreHours }: ProjectView): Promise<ProjectUsage> {
  const [spent, reserved, users, campaigns] = await Promise.all([
    findSpent(store, [id], now().toISOString()),
    findReserved(store, [id]),
    sumChargesBy(store.db, id, 'userId', LISTED),
    sumChargesBy(store.db, id, 'campaignId', LISTED),
  ])
  const [spentCoreHours, reservedCoreHours] = [spent.get(id) ?? 0, reserved.get(id) ?? 0]
  return {
    project: id,
    budgetCoreHours,
    spentCoreHours,
    reservedCoreHours,
    leftCoreHours: budgetCoreHours === null ? null : budgetCoreHours - spentCoreHours - reservedCoreHours,
    users: users.map(({ key, ...sum }) => ({ user: key, ...sum })),
    campaigns: campaigns.map(({ key, ...sum }) => ({ campaign: key, ...sum })),
  }
}

const isOwner = (project: ProjectView, id: UserId): boolean =>
  project.members.some(({ user, role }) => user === id && role === 'owner')

export const projectRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/v1/projects',
    tag: 'projects',
    summary: 'Projects that you belong to; administrators see all',
    allow: 'user',
    answers: { 200: { description: 'Projects', schema: pageOf(ProjectView) } },
    handle: async ({ deps, caller }) =>
      ok({ items: caller.user.admin ? await listProjects(deps.store.db) : caller.projects, next: null }),
  }),
  route({
    method: 'post',
    path: '/v1/projects',
    tag: 'projects',
    summary: 'A new project, owned by you',
    allow: 'user',
    body: ProjectCreate,
    answers: { 201: { description: 'The project', schema: ProjectView } },
    handle: async (call) => {
      const { deps, caller, body } = call
      const members = [{ user: caller.user.id, role: 'owner' as const }]
      const { id, title = id } = body
      const project: ProjectView = { id, title, createdAt: deps.now().toISOString(), members, weight: 1, budgetCoreHours: null }
      if (!(await createProject(deps.store.db, project))) throw conflict(`the name "${body.id}" is taken; choose another`)
      await audit(call, 'create project', body.id)
      return created(project, `/v1/projects/${body.id}`)
    },
  }),
  route({
    method: 'get',
    path: '/v1/projects/{id}',
    tag: 'projects',
    summary: 'One project',
    allow: 'user',
    answers,
    handle: async (call) => ok(await projectFor(call, 'viewer')),
  }),
  route({
    method: 'patch',
    path: '/v1/projects/{id}',
    tag: 'projects',
    summary: 'Change its title; administrators: its weight among other projects, and its budget of core-hours',
    description:
      'A project whose next job may cost more than its budget has left sends no more jobs; they wait, and go on when it is raised.',
    allow: 'user',
    body: ProjectChange,
    answers,
    handle: async (call) => {
      const { deps, caller, body } = call
      const { id } = await projectFor(call, 'owner')
      if (!caller.user.admin && (body.weight !== undefined || body.budgetCoreHours !== undefined))
        throw forbidden(`weight and budget of project "${id}" are set by administrators only`)
      const given = Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined))
      await audit(call, 'change project', id, given)
      return ok(await changeProject(deps.store.db, id, given))
    },
  }),
  route({
    method: 'get',
    path: '/v1/projects/{id}/usage',
    tag: 'projects',
    summary: 'Core-hours that it spent, reserved and has left, by user and by campaign',
    allow: 'user',
    answers: { 200: { description: 'Core-hours', schema: ProjectUsage } },
    handle: async (call) => ok(await usageOf(call, await projectFor(call, 'viewer'))),
  }),
  route({
    method: 'put',
    path: '/v1/projects/{id}/members/{user}',
    tag: 'projects',
    summary: 'Give a user a role in a project',
    allow: 'user',
    body: MemberChange,
    answers,
    handle: async (call) => {
      const { deps, params, body } = call
      const project = await projectFor(call, 'owner')
      const user = UserId.safeParse(params['user'])
      if (!user.success || (await findUser(deps.store.db, user.data)) === null) {
        throw invalid('see errors', [
          {
            path: 'user',
            value: String(params['user']),
            message: 'is no user of this platform',
            mend: 'an administrator makes users with "crystalmath user create"',
          },
        ])
      }
      if (body.role !== 'owner' && isOwner(project, user.data)) keepsAnOwner(project, user.data)
      await setMember(deps.store.db, project.id, user.data, body.role)
      await audit(call, 'set member', project.id, { user: user.data, role: body.role })
      return ok(await findProject(deps.store.db, project.id))
    },
  }),
  route({
    method: 'delete',
    path: '/v1/projects/{id}/members/{user}',
    tag: 'projects',
    summary: 'Take a user out of a project',
    allow: 'user',
    answers,
    handle: async (call) => {
      const { deps, params } = call
      const project = await projectFor(call, 'owner')
      const user = UserId.safeParse(params['user'])
      if (!user.success || !project.members.some((member) => member.user === user.data))
        throw notFound(`"${params['user']}" is not in project "${project.id}"`)
      if (isOwner(project, user.data)) keepsAnOwner(project, user.data)
      await removeMember(deps.store.db, project.id, user.data)
      await audit(call, 'remove member', project.id, { user: user.data })
      return ok(await findProject(deps.store.db, project.id))
    },
  }),
]
