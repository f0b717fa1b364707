import { defineConfig } from 'vitest/config'
import { LongFirst } from './scripts/long-first.ts'

const [major = 0] = process.versions.node.split('.').map(Number)
if (major < 24)
  throw new Error(
    `tests run under node_modules/.bin/node, not Node ${process.versions.node}: PATH=$PWD/node_modules/.bin:$PATH vitest`,
  )

const TEST_FOLDERS = ['libs', 'services', 'apps', 'testbed', 'bench', 'deploy', 'scripts', 'e2e/src']
const below = (ending: string) => TEST_FOLDERS.map((folder) => `${folder}/**/*${ending}`)

export default defineConfig({
  test: {
    // two of anything: the tests are written for a machine of two cores
    maxWorkers: 2,
    // processes, not threads: tests send signals and change folders
    pool: 'forks',
    sequence: { sequencer: LongFirst },
    reporters: ['default', './scripts/summary-reporter.ts'],
    projects: [
      {
        test: {
          name: 'unit',
          include: below('.test.ts'),
          exclude: ['**/node_modules/**', '**/*.{int,containers}.test.ts'],
          testTimeout: 20_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          name: 'integration',
          include: below('.int.test.ts'),
          globalSetup: ['./libs/testing/src/global-set-up.ts', './testbed/src/global-set-up.ts'],
          testTimeout: 60_000,
          // real servers by real clocks on a machine that may be busy: once more before it counts
          retry: 1,
          hookTimeout: 120_000,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['e2e/**/*.test.ts'],
          exclude: ['**/node_modules/**', 'e2e/src/**'],
          globalSetup: ['./testbed/src/global-set-up.ts'],
          // each brings up a whole platform and a whole cluster of its own, and waits for them most of the time
          testTimeout: 300_000,
          retry: 1,
          hookTimeout: 300_000,
          sequence: { groupOrder: 2 },
        },
      },
      {
        test: {
          name: 'containers',
          include: below('.containers.test.ts'),
          // alone and last: it starts an engine and builds images
          maxWorkers: 1,
          testTimeout: 300_000,
          // images are built from packages that come over the network: once more before it counts
          retry: 1,
          hookTimeout: 900_000,
          sequence: { groupOrder: 3 },
        },
      },
    ],
  },
})
