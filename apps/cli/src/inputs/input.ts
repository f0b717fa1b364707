import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { planResources, WRITES, writesOf } from '@crystalmath/codes'
import { type CodeName, type InputProblem, type Preparation, partitionFor } from '@crystalmath/contract'
import { type ConnectionFlags, connect } from '../connection.ts'
import { EXIT, UsageError } from '../exit.ts'
import { problemLines } from '../output/problems.ts'
import { print, printJson, remark } from '../output/text.ts'
import { requestsOf, type SubmitFlags } from '../submitting/requests.ts'
import { formatInput } from './format.ts'
import { type LocalLibrary, readLibrary } from './local-library.ts'
import { localSurroundings, NOTHING_KNOWN, type Surroundings, taskOf, withLibrary } from './task.ts'

export type InputFlags = ConnectionFlags &
  Pick<SubmitFlags, 'preset' | 'calculation' | 'set' | 'nodes' | 'ranks' | 'threads' | 'memory' | 'walltime' | 'json'> & {
    readonly cluster?: string
    readonly pseudopotentials?: string
    readonly out?: string
  }

/** Renders the inputs of one job as the submitter would, shows them, and submits nothing. */
export async function showInput(code: CodeName, file: string, flags: InputFlags): Promise<void> {
  const writes = writesOf(code)
  if (writes === undefined)
    throw new UsageError(`inputs of ${code} cannot be written; there are ${WRITES.map((one) => one.code).join(', ')}`)
  const row = await rowOf(code, file, flags)
  const library = flags.pseudopotentials === undefined ? null : await readLibrary(flags.pseudopotentials, code)
  const surroundings = await surroundingsOf(code, flags, library)
  const asked = taskOf(row, surroundings)
  if (!asked.ok) return refuse(asked.problems, flags)
  const first = writes.prepare(asked.task)
  if (!first.ok) return refuse(first.problems, flags)
  const { clusterCode, partition } = surroundings
  const { request, parameters } = asked.task
  const plan = planResources({
    ...{ writes, preparation: first.preparation, given: request.resources, parameters, clusterCode },
    partition: partition(request.resources.partition),
    runs: [],
  })
  const prepared = writes.prepare({ ...asked.task, resources: plan.resources, parameters: plan.parameters })
  if (!prepared.ok) return refuse(prepared.problems, flags)
  const { preparation } = prepared
  const { resources, estimate } = plan
  const warnings = [...asked.warnings, ...preparation.warnings]
  if (flags.out !== undefined) await writeFiles(flags.out, preparation)
  if (flags.json === true) return printJson({ code, ...preparation, warnings, resources, estimate })
  if (flags.out === undefined) print(formatInput({ preparation, resources, clusterCode, estimate }))
  else for (const { path } of preparation.files) print(join(flags.out, path))
  for (const warning of warnings) remark(`warning: ${warning}`)
}

/** The same row that `submit` would send; of a JSON file its only job. */
async function rowOf(code: CodeName, file: string, flags: InputFlags): Promise<Readonly<Record<string, unknown>>> {
  const { preset, calculation, set, nodes, ranks, threads, memory, walltime, cluster } = flags
  const given = { code, preset, calculation, set, nodes, ranks, threads, memory, walltime, cluster }
  const rows = await requestsOf([file], Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)))
  const [row] = rows
  if (row === undefined || rows.length > 1) throw new UsageError(`${file}: holds ${rows.length} jobs; show one at a time`)
  return row
}

async function surroundingsOf(code: CodeName, flags: InputFlags, library: LocalLibrary | null): Promise<Surroundings> {
  if (flags.cluster === undefined) return localSurroundings(code, library)
  const client = await connect(flags)
  const { spec, inventory } = await client.cluster(flags.cluster)
  const clusterCode = spec.codes[code]
  if (clusterCode === undefined)
    throw new UsageError(
      `cluster ${flags.cluster} has no ${code}; it has ${Object.keys(spec.codes).join(', ') || 'no codes'}: register codes.${code}`,
    )
  const partition = (name: string | undefined) =>
    partitionFor(name ?? spec.defaults.partition, inventory?.partitions ?? []) ?? null
  return { clusterCode, partition, inventory: withLibrary(inventory ?? NOTHING_KNOWN, code, library) }
}

function refuse(problems: readonly InputProblem[], { cluster, pseudopotentials, json }: InputFlags): void {
  process.exitCode = EXIT.refused
  if (json === true) {
    printJson({ problems })
    return
  }
  remark(`error: refused for ${problems.length} ${problems.length === 1 ? 'reason' : 'reasons'}`)
  for (const line of problemLines(problems)) remark(`  ${line}`)
  const isBlind = cluster === undefined && pseudopotentials === undefined
  if (isBlind && problems.some(({ path }) => path === 'cluster' || path.startsWith('parameters.pseudopotentials')))
    remark('  name a folder of this machine with --pseudopotentials, or a registered cluster with --cluster')
}

/** Overwrites nothing. */
async function writeFiles(folder: string, { files }: Preparation): Promise<void> {
  for (const { path, text } of files) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), text, { flag: 'wx' })
  }
}
