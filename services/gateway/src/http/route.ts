import type { ProjectView, UserView } from '@crystalmath/contract'
import type { Request, Response } from 'express'
import type { z } from 'zod'
import type { Deps } from '../deps.ts'

/** Who asks. Projects are loaded on demand: see `permissions.ts`. */
export type Caller = { readonly user: UserView; readonly projects: readonly ProjectView[] }

/** A request, checked. */
export type Call<Query, Body> = {
  readonly deps: Deps
  readonly params: Readonly<Record<string, string>>
  readonly query: Query
  readonly body: Body
  readonly caller: Caller
  readonly requestId: string
  /** Of the key and the whole request; null without `Idempotency-Key`. Ids derived from it make a repetition harmless. */
  readonly idempotency: string | null
  header(name: string): string | undefined
}

/** An answer in JSON, or as bytes. */
export type Answer = {
  readonly status: number
  readonly body?: unknown
  readonly bytes?: { readonly content: Uint8Array; readonly type: string }
  readonly headers?: Readonly<Record<string, string>>
  /** Secrets in the answer: never stored for repeats. */
  readonly isSecret?: boolean
}

export const ok = (body: unknown, headers: Readonly<Record<string, string>> = {}): Answer => ({ status: 200, body, headers })
export const created = (body: unknown, location: string): Answer => ({ status: 201, body, headers: { location } })
export const nothing: Answer = { status: 204 }

export type AnswerDoc = { readonly description: string; readonly schema?: z.ZodType; readonly type?: string }

/** One operation of the API as data: the server, the OpenAPI document and its tests are made of it. */
export type Route = {
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete'
  /** `/v1/jobs/{id}`; `{path+}` takes slashes too. */
  readonly path: string
  readonly tag: string
  readonly summary: string
  readonly description?: string
  /** `anyone` needs no token. */
  readonly allow: 'anyone' | 'user' | 'admin'
  readonly query?: z.ZodObject
  readonly body?: z.ZodType
  /** What `serve` reads from the request itself, for the document; as JSON, and of which further types. */
  readonly streams?: { readonly schema: z.ZodType; readonly types: readonly string[] }
  /** The body is given to `handle` as sent: rows of a bulk request are checked one by one. */
  readonly bodyIsChecked?: boolean
  readonly answers: Readonly<Record<number, AnswerDoc>>
  /** Answers by itself, for streams; then `handle` is not called. */
  readonly serve?: (call: Call<never, never>, request: Request, response: Response) => Promise<void>
  readonly handle?: (call: Call<never, never>) => Promise<Answer>
}

type Typed<Q extends z.ZodObject, B extends z.ZodType> = Omit<Route, 'query' | 'body' | 'handle' | 'serve'> & {
  readonly query?: Q
  readonly body?: B
  readonly serve?: (call: Call<z.infer<Q>, z.infer<B>>, request: Request, response: Response) => Promise<void>
  readonly handle?: (call: Call<z.infer<Q>, z.infer<B>>) => Promise<Answer>
}

/** Checks a route against its own schemas, then forgets them, so that a table can hold all routes. */
export const route = <Q extends z.ZodObject, B extends z.ZodType>(typed: Typed<Q, B>): Route => typed as unknown as Route
