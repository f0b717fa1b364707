import { describe, expect, it } from 'vitest'
import { FAULTS } from './src/fault-table.ts'
import { tryFault } from './src/faults.ts'

describe('what goes wrong on real sites', () => {
  it.each(FAULTS.filter(({ isQuick }) => isQuick === true).map((fault, i) => [fault.name, fault, i] as const))(
    'harms no job: %s',
    async (_name, fault, i) => {
      const said: string[] = []
      const { doubled, lost, falseEnds, troubles } = await tryFault(fault, {
        name: `fault${i}`,
        environment: process.env,
        say: (line) => said.push(line),
      })
      expect({ doubled, lost, falseEnds, troubles }, said.join('\n')).toEqual({
        doubled: [],
        lost: [],
        falseEnds: [],
        troubles: [],
      })
    },
    300_000,
  )
})
