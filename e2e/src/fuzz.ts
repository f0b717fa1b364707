import { parseArgs } from 'node:util'
import { runFuzz } from './fuzz/run-fuzz.ts'
import { CORPUS, hasCorpus, loadSubjects } from './fuzz/subjects.ts'

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    mutations: { type: 'string', default: '100000' },
    from: { type: 'string', default: '0' },
    only: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
})
const say = (line: string) => void process.stdout.write(`${line}\n`)

if (values.help) {
  say(`npm run fuzz -- [--seed N] [--mutations N] [--from N] [--only CODE]
Breaks outputs of every code in every way and reads them: an answer that fits the contract, in bounded time and memory, and
none from a prefix that the whole file contradicts. A failure is run again by its --seed, --from and --mutations 1.`)
} else {
  const withCorpus = hasCorpus()
  if (!withCorpus) say(`no corpus of real outputs at ${CORPUS}: our own fixtures alone`)
  const subjects = loadSubjects(values.only, withCorpus)
  const kinds = new Map<string, number>()
  for (const { code, kind } of subjects) kinds.set(`${code} ${kind}`, (kinds.get(`${code} ${kind}`) ?? 0) + 1)
  say(`seed ${values.seed}; ${subjects.length} outputs: ${[...kinds].map(([name, count]) => `${name} ${count}`).join(', ')}`)
  if (subjects.length === 0) throw new Error(`no output of "${values.only}" to break`)
  const mutations = Number(values.mutations)
  let told = performance.now()
  const failures = await runFuzz({
    seed: Number(values.seed),
    from: Number(values.from),
    mutations,
    only: values.only,
    withCorpus,
    onFailure: ({ index, code, of, mutation, why }) =>
      say(`--seed ${values.seed} --from ${index}: ${code}, ${of}, ${mutation}: ${why}`),
    onProgress: (done) => {
      if (performance.now() - told < 30_000) return
      told = performance.now()
      process.stderr.write(`${done - Number(values.from)} of ${mutations}\n`)
    },
  })
  say(`${mutations} mutations, ${failures} failures`)
  process.exitCode = failures === 0 ? 0 : 1
}
