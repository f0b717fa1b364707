import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { STATUSES } from '@crystalmath/contract'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'

const CHECKOUT = resolve(import.meta.dirname, '../..')
const read = (path: string) => readFileSync(join(CHECKOUT, path), 'utf8')
type Rule = { readonly alert: string; readonly expr: string; readonly annotations: Readonly<Record<string, string>> }
const { groups } = parse(read('deploy/alerts.yml')) as { readonly groups: readonly { readonly rules: readonly Rule[] }[] }
const rules = groups.flatMap((group) => group.rules)

describe('the rules of Prometheus', () => {
  it.each(rules.map((rule) => [rule.alert, rule] as const))('ask for what the gateway counts: %s', (_, { expr, annotations }) => {
    const counted = new Set(read('services/gateway/src/metrics.ts').match(/crystalmath_[a-z_]+/g))
    const named = expr.match(/crystalmath_[a-z_]+/g) ?? []
    expect(named).not.toEqual([])
    for (const name of named) expect(counted, name).toContain(name)
    for (const [, status] of expr.matchAll(/status="(\w+)"/g)) expect(STATUSES).toContain(status)
    expect(annotations).toMatchObject({ summary: expect.any(String), description: expect.any(String) })
  })

  it('make a growing stream of dead letters an alarm', () => {
    expect(rules.map(({ alert }) => alert)).toEqual(
      expect.arrayContaining(['CrystalMathDeadLetters', 'CrystalMathDeadLettersGrow']),
    )
  })
})
