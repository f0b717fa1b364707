/** Who may import what, folder by folder; `oxlint.config.ts` enforces it. Beside these, a file may import files of its own folder. */
export const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  // pure: no clock, no chance, no driver, no Node
  'libs/contract': ['zod'],
  'libs/job': ['@crystalmath/contract', 'zod'],
  'libs/schedulers': ['@crystalmath/contract'],
  'libs/structures': ['@crystalmath/contract'],
  'libs/codes': [
    ...['@crystalmath/contract', '@crystalmath/contract/plain', '@crystalmath/structures', '@crystalmath/structures/elements'],
    '@crystalmath/symmetry',
  ],
  'libs/campaigns': ['@crystalmath/contract', '@crystalmath/structures'],

  // a library compiled to WebAssembly, which it reads from its own package
  'libs/symmetry': ['@crystalmath/contract', '@crystalmath/structures', '@spglib/moyo-wasm', 'node:fs', 'node:module'],

  // one driver each
  'libs/bus': ['@crystalmath/contract', '@nats-io/**', 'node:*'],
  'libs/store': ['@crystalmath/contract', '@crystalmath/job', 'mongodb', 'uuid', 'node:*'],
  'libs/ssh': ['@crystalmath/contract', 'ssh2', 'tar-stream', 'node:*'],
  'libs/files': [
    ...['@crystalmath/codes/reads', '@crystalmath/contract/plain', '@crystalmath/contract'],
    ...['h5wasm/node', 'unbzip2-stream', 'xz-decompress', 'node:*'],
  ],
  'libs/service': ['@crystalmath/contract', 'pino', 'prom-client', 'zod', 'node:*'],
  'libs/client': ['@crystalmath/contract', 'node:*'],
  'libs/local-servers': ['@crystalmath/contract', 'mongodb', 'node:*'],

  // what stands on those
  'libs/cluster': ['@crystalmath/contract', '@crystalmath/schedulers', '@crystalmath/ssh', 'node:*'],
  'libs/duty': [...libs('cluster', 'codes', 'contract', 'service', 'store'), 'node:*'],
  'libs/backbone': libs('bus', 'service', 'store'),
  'services/gateway': [
    ...libs(
      'backbone',
      'bus',
      'campaigns',
      'codes',
      'contract',
      'dashboard',
      'job',
      'schedulers',
      'service',
      'store',
      'structures',
    ),
    'express',
    'helmet',
    'zod',
    'node:*',
  ],
  'services/submitter': [
    ...libs('backbone', 'bus', 'campaigns', 'cluster', 'codes', 'contract', 'duty', 'job', 'service', 'store'),
    'zod',
    'node:*',
  ],
  'services/poller': [
    ...libs('backbone', 'bus', 'cluster', 'contract', 'duty', 'job', 'service', 'store'),
    'node-cron',
    'zod',
    'node:*',
  ],
  'services/parser': [
    ...libs('backbone', 'bus', 'codes', 'contract', 'files', 'job', 'service', 'store'),
    // what its threads load: no zod, no driver of a database
    ...['@crystalmath/codes/submitted-order', '@crystalmath/contract/plain', '@crystalmath/store/packed'],
    'piscina',
    'tar-stream',
    'zod',
    'node:*',
  ],
  'services/recovery': [
    ...libs('backbone', 'bus', 'codes', 'contract', 'job', 'service', 'store', 'structures'),
    'zod',
    'node:*',
  ],
  'services/orchestrator': [...libs('backbone', 'bus', 'contract', 'job', 'service', 'store', 'structures'), 'zod', 'node:*'],
  'apps/dashboard': ['3dmol', '@crystalmath/contract', 'uplot', 'node:*'],
  'apps/cli': [
    ...libs('client', 'codes', 'contract', 'files', 'local-servers', 'structures', 'testbed'),
    '@crystalmath/contract/plain',
    'cli-table3',
    'commander',
    'rolldown',
    'node:*',
  ],
}

/** No `node:*` but `createHash`, no clock, no chance, no process: what they say follows from what they are given. */
export const PURE: readonly string[] = [
  'libs/contract',
  'libs/job',
  'libs/schedulers',
  'libs/structures',
  'libs/codes',
  'libs/campaigns',
]

/** Families: a folder for each member, and no member imports another. */
export const FAMILIES: Readonly<Record<string, readonly string[]>> = {
  'libs/codes': [
    ...['vasp', 'orca', 'quantum-espresso', 'crystal', 'yambo', 'wannier90', 'phonopy', 'boltztrap2'],
    ...['cp2k', 'nwchem', 'abinit', 'xtb', 'ase', 'script'],
  ],
  'libs/schedulers': ['slurm', 'local', 'flux', 'pbs', 'torque'],
}

/** Files that only tests import: they may do what tests may, and are no dead code. */
export const TEST_HELPERS: readonly string[] = [
  'libs/cluster/src/in-dash.ts',
  'libs/codes/src/**/testing.ts',
  'libs/codes/src/{broken-inputs,causes,recorded-inputs}/**',
  'libs/codes/src/reading/read-text.ts',
  'libs/codes/src/writing/run-preparation.ts',
  'libs/codes/src/writing/sample-task.ts',
  'libs/job/src/samples.ts',
  'libs/codes/src/keeps-the-code-contract.ts',
  'libs/schedulers/src/keeps-the-scheduler-contract.ts',
  'libs/ssh/src/test-server.ts',
  'services/gateway/src/testing/**',
]

function libs(...names: readonly string[]): readonly string[] {
  return names.map((name) => `@crystalmath/${name}`)
}
