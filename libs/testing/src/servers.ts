import { randomBytes } from 'node:crypto'
import { MongoClient } from 'mongodb'
import { inject } from 'vitest'

declare module 'vitest' {
  interface ProvidedContext {
    readonly natsUrl: string
    readonly mongoUrl: string
    readonly natsReplicas: number
  }
}

/** The run's one NATS server, with JetStream. Only in `*.int.test.ts`. */
export const natsUrl = (): string => inject('natsUrl')

/** Copies that a stream can have there: 3 on a cluster of three. */
export const natsReplicas = (): number => inject('natsReplicas')

/** The run's one MongoDB, a replica set of one. Only in `*.int.test.ts`. */
export const mongoUrl = (): string => inject('mongoUrl')

/** A word of its own for one test's streams, subjects or database: letters and digits. */
export const testPrefix = (what = 't'): string => `${what}${randomBytes(5).toString('hex')}`

/** A database of one test's own, `{ url, name }` for the store under test; `drop` removes it. */
export function testDatabase(what = 'test'): { readonly url: string; readonly name: string; drop(): Promise<void> } {
  const url = mongoUrl()
  const name = testPrefix(what)
  return {
    url,
    name,
    drop: async () => {
      const client = new MongoClient(url)
      await client
        .db(name)
        .dropDatabase()
        .finally(() => client.close())
    },
  }
}
