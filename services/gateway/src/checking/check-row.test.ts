import { type ClusterInventory, ClusterSpec } from '@crystalmath/contract'
import { describe, expect, it } from 'vitest'
import { checkRow } from './check-row.ts'
import { createContext } from './context.ts'

const INVENTORY: ClusterInventory = {
  ...{ checkedAt: '2026-11-21T10:00:00.000Z', schedulerVersion: 'slurm 23.11.4', maxArraySize: 1_001, minJobAgeSeconds: 300 },
  ...{
    killWaitSeconds: 30,
    accounting: true,
    clockOffsetSeconds: 0,
    freeMebibytes: 1_000_000,
    pseudopotentials: {},
    findings: [],
  },
  partitions: [
    {
      ...{ name: 'normal', isDefault: true, available: true, maxWalltimeSeconds: 86_400 },
      ...{ nodeCount: 10, coresPerNode: 64, memoryMebibytesPerNode: 256_000 },
    },
  ],
}
const SPEC = ClusterSpec.parse({
  ...{ name: 'alps', scheduler: 'slurm', ssh: { host: 'h', user: 'u', key: 'k' }, root: '/r' },
  codes: { orca: { executables: { orca: '/opt/orca/orca' }, launcher: 'srun' } },
})
const newContext = () => createContext([{ spec: SPEC, inventory: INVENTORY, waitingFor: null, foreignJobs: null }])

/** A chain of so many carbon atoms, or with one atom that leaves an electron over. */
const row = (atoms: number, resources: object = {}, isOdd = false) => ({
  ...{ project: 'p', cluster: 'alps', code: 'orca', resources },
  parameters: { calculation: 'optimization', method: 'PBE', basis: 'def2-SVP' },
  structure: {
    format: 'xyz',
    text: `${atoms}\n\n${Array.from({ length: atoms }, (_, i) => `${isOdd && i === 0 ? 'N' : 'C'} ${(1.4 * i).toFixed(1)} 0 0`).join('\n')}\n`,
  },
})

describe('the rows of one table', () => {
  it('are told the same whatever rows came before them', () => {
    const rows = [
      ...[row(4), row(4), row(5), row(40), row(40), row(4), row(80), row(2, { ranks: 2 }), row(60, { ranks: 2 })],
      ...[row(60, { ranks: 2, memoryMebibytes: 600 }), row(4, {}, true), row(4), row(4, { walltimeSeconds: 600 }), row(40)],
    ]
    const together = newContext()
    const answers = rows.map((one) => checkRow(together, one, 0))
    expect(answers).toEqual(rows.map((one) => checkRow(newContext(), one, 0)))
    expect(answers.filter(({ ok }) => ok)).toHaveLength(rows.length - 1)
    expect(together.guesses.size).toBeGreaterThan(0)
  })
})
