import { randomBytes } from 'node:crypto'
import { pageOf, TokenCreate, TokenCreated, TokenView } from '@crystalmath/contract'
import { findUser, listTokens, recordAudit, revokeToken, saveToken } from '@crystalmath/store'
import { forbidden, invalid, notFound } from '../http/problem.ts'
import { ok, type Route, route } from '../http/route.ts'

const DAY_MS = 86_400_000

/** 256 random bits behind a word that secret scanners can look for. */
export const newToken = (): string => `cmt_${randomBytes(32).toString('base64url')}`

export const tokenRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/v1/tokens',
    tag: 'tokens',
    summary: 'Your tokens, never their text; administrators see all',
    allow: 'user',
    answers: { 200: { description: 'Tokens', schema: pageOf(TokenView) } },
    handle: async ({ deps, caller: { user } }) =>
      ok({ items: await listTokens(deps.store.db, user.admin ? undefined : user.id), next: null }),
  }),
  route({
    method: 'post',
    path: '/v1/tokens',
    tag: 'tokens',
    summary: 'A new token; its text is in this answer only',
    allow: 'user',
    body: TokenCreate,
    answers: { 201: { description: 'The token', schema: TokenCreated } },
    handle: async ({ deps, caller, body, requestId }) => {
      const owner = body.user ?? caller.user.id
      if (owner !== caller.user.id && !caller.user.admin) throw forbidden('tokens for others are for administrators only')
      if ((await findUser(deps.store.db, owner)) === null) {
        throw invalid('see errors', [
          { path: 'user', value: owner, message: 'is no user of this platform', mend: 'make the user first' },
        ])
      }
      const now = deps.now()
      const expiresAt =
        body.expiresInDays === undefined ? null : new Date(now.getTime() + body.expiresInDays * DAY_MS).toISOString()
      const text = newToken()
      const view = await saveToken(deps.store.db, text, { user: owner, name: body.name, createdAt: now.toISOString(), expiresAt })
      await recordAudit(deps.store.db, {
        at: now.toISOString(),
        user: caller.user.id,
        action: 'create token',
        target: view.id,
        detail: { owner },
        requestId,
      })
      return { status: 201, body: { ...view, token: text }, headers: { 'cache-control': 'no-store' }, isSecret: true }
    },
  }),
  route({
    method: 'delete',
    path: '/v1/tokens/{id}',
    tag: 'tokens',
    summary: 'Revoke a token',
    allow: 'user',
    answers: { 200: { description: 'The token, revoked', schema: TokenView } },
    handle: async ({ deps, caller, params, requestId }) => {
      const at = deps.now().toISOString()
      const view = await revokeToken(deps.store.db, params['id'] ?? '', at, caller.user.admin ? undefined : caller.user.id)
      if (view === null) throw notFound(`you have no token "${params['id']}"`)
      await recordAudit(deps.store.db, {
        at,
        user: caller.user.id,
        action: 'revoke token',
        target: view.id,
        detail: { owner: view.user },
        requestId,
      })
      return ok(view)
    },
  }),
]
