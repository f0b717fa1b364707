import type { KnipConfig } from 'knip'
import { TEST_HELPERS } from './module-map.ts'

/** `!` marks what belongs to the product: `knip --strict` looks at it alone, without tests. */
const below = (folder: string): string[] => [
  'src/**/*.ts!',
  '!src/**/*.test.ts!',
  '!src/**/__fixtures__/**!',
  ...TEST_HELPERS.flatMap((file) => (file.startsWith(`${folder}/`) ? [`!${file.slice(folder.length + 1)}!`] : [])),
]

const libs = [
  'bus',
  'campaigns',
  'client',
  'cluster',
  'codes',
  'contract',
  'duty',
  'files',
  'job',
  'schedulers',
  'service',
  'ssh',
  'store',
  'structures',
  'symmetry',
]
const services = ['gateway', 'submitter', 'poller', 'parser', 'recovery', 'orchestrator']

export default {
  ignoreExportsUsedInFile: true,
  workspaces: {
    '.': { entry: ['scripts/*.{ts,mjs}', '*.config.ts'], project: ['scripts/**', '*.ts'] },
    ...Object.fromEntries(libs.map((name) => [`libs/${name}`, { project: below(`libs/${name}`) }])),
    'libs/local-servers': { entry: ['src/obtain.ts!'], project: below('libs/local-servers') },
    'libs/testing': { project: below('libs/testing') },
    ...Object.fromEntries(
      services.map((name) => [
        `services/${name}`,
        { entry: ['src/main.ts!', 'src/**/*worker.ts!'], project: below(`services/${name}`) },
      ]),
    ),
    // the pages are served by name: the browser enters by main.ts
    'apps/dashboard': {
      entry: ['src/browser/main.ts!'],
      project: below('apps/dashboard'),
      // a script that the page loads, no import
      ignoreDependencies: ['3dmol'],
    },
    // compiled ahead at installation, not by the product itself
    'apps/cli': {
      entry: ['src/main.ts!', 'src/ahead/{main,warm,entry,start}.ts'],
      project: [...below('apps/cli'), '!src/ahead/**!'],
    },
    testbed: { entry: ['src/main.ts!', 'src/global-set-up.ts!'], project: below('testbed') },
    e2e: { entry: ['**/*.ts!'], project: ['**/*.ts!'], ignoreDependencies: ['vitest'] },
    // scripts that a bench runs as processes of their own
    bench: { entry: ['src/main.ts!', 'src/parse/{once,rate,pool,newlines}.ts!'], project: below('bench') },
    // run by the image and by Compose, each by its name
    deploy: { entry: ['src/*.ts!', '!src/*.test.ts!'], project: ['src/**/*.ts!', '!src/**/*.test.ts!', '!src/testing/**!'] },
  },
} satisfies KnipConfig
