import { parseArgs } from 'node:util'

/** One benchmark: prints a table for people, and with `--json` one JSON object as its last line. */
type Bench = {
  readonly about: string
  readonly run: (options: { readonly json: boolean; readonly rest: readonly string[] }) => Promise<void>
}

const BENCHES: Readonly<Record<string, () => Promise<Bench>>> = {
  parse: async () => (await import('./parse/index.ts')).parseBench,
  import: async () => (await import('./import/index.ts')).importBench,
  scale: async () => (await import('./scale/index.ts')).scaleBench,
  campaign: async () => (await import('./campaign/index.ts')).campaignBench,
  replicas: async () => (await import('./replicas/index.ts')).replicasBench,
  chain: async () => (await import('./chain/index.ts')).chainBench,
  platform: async () => (await import('./platform/index.ts')).platformBench,
}

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } },
})
const [name = '', ...rest] = positionals
const open = values.help ? undefined : BENCHES[name]
if (open === undefined) {
  process.stdout.write(`npm run bench -- NAME [--json]\n\n`)
  for (const [one, load] of Object.entries(BENCHES)) process.stdout.write(`  ${one.padEnd(12)} ${(await load()).about}\n`)
  process.exitCode = name === '' || values.help ? 0 : 2
} else {
  await (await open()).run({ json: values.json, rest })
}
