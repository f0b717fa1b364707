import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Files that take half a minute or more, the longest first: begun last, one would keep a worker busy while the other has nothing to do. */
const LONG = [
  'e2e/faults.test.ts',
  'e2e/local-queue.test.ts',
  'e2e/causes.test.ts',
  'e2e/failover.test.ts',
  'e2e/cancel.test.ts',
  'e2e/batches.test.ts',
  'e2e/kills.test.ts',
  'e2e/submitter-kills.test.ts',
  'e2e/zombies.test.ts',
  'e2e/campaigns.test.ts',
  'e2e/chains.test.ts',
  'testbed/src/testbed.int.test.ts',
  'libs/cluster/src/site.int.test.ts',
  'e2e/src/simulation/simulation.test.ts',
]
const rankOf = ({ moduleId }: TestSpecification): number => {
  const rank = LONG.findIndex((path) => moduleId.endsWith(`/${path}`))
  return rank < 0 ? LONG.length : rank
}

/** As vitest orders files, but for those that are known to be long; a fresh clone knows of no earlier run. */
export class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return (await super.sort(files)).toSorted((a, b) => rankOf(a) - rankOf(b))
  }
}
