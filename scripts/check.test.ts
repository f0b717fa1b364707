import { describe, expect, it } from 'vitest'
import { CHECKS, failureOf } from './checks.ts'

describe('the checkout', () => {
  it.each(CHECKS)('$name', async (check) => expect(await failureOf(check)).toBeNull(), 180_000)
})
