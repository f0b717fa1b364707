import { TransientError } from '@crystalmath/contract'
import { MongoNetworkError, MongoServerError } from 'mongodb'
import { expect, it } from 'vitest'
import { asStoreError } from './open.ts'

const said = (code: number) => new MongoServerError({ message: 'no', code })

it.each([
  ['a connection that broke', new MongoNetworkError('reset'), true],
  ['a member that is no primary any more', said(10_107), true],
  ['one that stops while it is asked', said(11_600), true],
  ['a duplicate key', said(11_000), false],
  ['a bug', new TypeError('undefined'), false],
])('%s: passing %s', (_, error, isPassing) => {
  expect(asStoreError(error) instanceof TransientError).toBe(isPassing)
})
