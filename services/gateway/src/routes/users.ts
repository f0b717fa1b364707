import { AuditEntry, Me, pageOf, UserChange, UserCreate, UserId, UserView } from '@crystalmath/contract'
import { changeUser, countAdmins, createUser, findUser, listAudit, listUsers, recordAudit } from '@crystalmath/store'
import { z } from 'zod'
import { conflict, notFound } from '../http/problem.ts'
import { created, ok, type Route, route } from '../http/route.ts'
import { page } from './query.ts'

export const userRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/v1/me',
    tag: 'users',
    summary: 'Who you are, and your projects',
    allow: 'user',
    answers: { 200: { description: 'You', schema: Me } },
    handle: async ({ caller: { user, projects } }) =>
      ok({
        user,
        projects: projects.map(({ id, members }) => ({
          id,
          role: members.find((member) => member.user === user.id)?.role ?? 'viewer',
        })),
      }),
  }),
  route({
    method: 'get',
    path: '/v1/users',
    tag: 'users',
    summary: 'All users',
    allow: 'admin',
    answers: { 200: { description: 'Users', schema: pageOf(UserView) } },
    handle: async ({ deps }) => ok({ items: await listUsers(deps.store.db), next: null }),
  }),
  route({
    method: 'post',
    path: '/v1/users',
    tag: 'users',
    summary: 'A new user; a token is made by POST /v1/tokens',
    allow: 'admin',
    body: UserCreate,
    answers: { 201: { description: 'The user', schema: UserView } },
    handle: async ({ deps, caller, body, requestId }) => {
      const at = deps.now().toISOString()
      const user: UserView = { id: body.id, name: body.name ?? body.id, admin: body.admin, createdAt: at, disabledAt: null }
      if (!(await createUser(deps.store.db, user))) throw conflict(`there is a user "${body.id}" already`)
      await recordAudit(deps.store.db, {
        at,
        user: caller.user.id,
        action: 'create user',
        target: body.id,
        detail: { admin: body.admin },
        requestId,
      })
      return created(user, `/v1/users/${body.id}`)
    },
  }),
  route({
    method: 'patch',
    path: '/v1/users/{id}',
    tag: 'users',
    summary: 'Rename a user, make an administrator, disable or enable',
    allow: 'admin',
    body: UserChange,
    answers: { 200: { description: 'The user', schema: UserView } },
    handle: async ({ deps, caller, params, body: { disabled, ...rest }, requestId }) => {
      const at = deps.now().toISOString()
      const id = UserId.safeParse(params['id'])
      const before = id.success ? await findUser(deps.store.db, id.data) : null
      if (before === null) throw notFound(`there is no user "${params['id']}"`)
      const losesAdmin = before.admin && before.disabledAt === null && (disabled === true || rest.admin === false)
      if (losesAdmin && (await countAdmins(deps.store.db)) <= 1)
        throw conflict(`"${before.id}" is the last administrator; make another one first`)
      const disabledAt = disabled === undefined ? {} : { disabledAt: disabled ? (before.disabledAt ?? at) : null }
      const given = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined))
      const after = await changeUser(deps.store.db, before.id, { ...given, ...disabledAt })
      await recordAudit(deps.store.db, {
        at,
        user: caller.user.id,
        action: 'change user',
        target: before.id,
        detail: { ...given, disabled },
        requestId,
      })
      return ok(after)
    },
  }),
  route({
    method: 'get',
    path: '/v1/audit',
    tag: 'users',
    summary: 'Who did what, the newest first',
    allow: 'admin',
    query: z.object({ user: z.string().max(100).optional(), target: z.string().max(100).optional(), ...page }),
    answers: { 200: { description: 'Entries', schema: pageOf(AuditEntry) } },
    handle: async ({ deps, query: { user, target, cursor, limit } }) => {
      const items = await listAudit(deps.store.db, { user, target, before: cursor, limit })
      return ok({ items, next: items.length === limit ? (items.at(-1)?.at ?? null) : null })
    },
  }),
]
