import { describe, expect, it } from 'vitest'
import { derivedJobId, newJobId } from './ids.ts'

describe('job ids', () => {
  it('that are derived are UUIDs of version 5, the same for the same origin', () => {
    expect(derivedJobId('a.0')).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    expect(derivedJobId('a.0')).toBe(derivedJobId('a.0'))
    expect(derivedJobId('a.0')).not.toBe(derivedJobId('a.1'))
  })

  it('that are new are UUIDs of version 7 that grow with time', () => {
    const [before, after] = [new Date('2026-11-21T09:00:00.000Z'), new Date('2026-11-21T09:00:00.001Z')]
    expect(newJobId(before)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    expect(newJobId(before) < newJobId(after)).toBe(true)
    expect(Number.parseInt(newJobId(before).replace('-', '').slice(0, 12), 16)).toBe(before.getTime())
  })
})
