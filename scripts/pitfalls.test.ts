import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

const rows = readFileSync(new URL('../docs/pitfalls.md', import.meta.url), 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('| ') && !line.startsWith('| pitfall'))
  .map((line) => line.split(' | '))

describe('each known pitfall', () => {
  it.each(rows)('is kept out by tests that are there: %s', (...cells) => {
    const tests = [...(cells[3] ?? '').matchAll(/`([^`]+)`(?: \*([^*]+)\*)?/g)]
    expect(tests.length).toBeGreaterThan(0)
    for (const [, path = '', title = ''] of tests)
      expect(readFileSync(new URL(`../${path}`, import.meta.url), 'utf8'), path).toContain(title)
  })
})
