import { writeFile } from 'node:fs/promises'
import type { Command } from 'commander'
import { type ConnectionFlags, connect, withConnection } from '../connection.ts'
import { parseCount } from '../flags.ts'
import { formatTable } from '../output/table.ts'
import { formatBytes, print, printJson, remark, standardOutput } from '../output/text.ts'

type Flags = ConnectionFlags & {
  readonly attempt?: number
  readonly tail?: number
  readonly output?: string
  readonly json?: boolean
}

const HELP = `
Examples:
  crystalmath files 0193b1c2-…
  crystalmath files 0193b1c2-… pw.out > pw.out
  crystalmath files 0193b1c2-… pw.out --tail 2000      of a running job too`

/** `crystalmath files ID [PATH]`. */
export const addFiles = (program: Command): Command =>
  withConnection(program.command('files'))
    .description('list the outputs of a job, or get one')
    .argument('<id>', 'the job')
    .argument('[path]', 'the file to get; written to standard output')
    .option('--attempt <n>', 'of an earlier attempt', parseCount)
    .option('--tail <bytes>', 'only the last bytes; of a running job they come from the cluster', parseCount)
    .option('-o, --output <file>', 'write to a file')
    .option('--json', 'the list as JSON')
    .addHelpText('after', HELP)
    .action(files)

async function files(id: string, path: string | undefined, { attempt, tail, output, json, ...flags }: Flags): Promise<void> {
  const client = await connect(flags)
  if (path !== undefined) {
    const content = await client.file(id, path, { tail, attempt })
    if (output === undefined) return void standardOutput().write(content)
    await writeFile(output, content)
    return remark(`${output}: ${formatBytes(content.length)}`)
  }
  const list = await client.files(id, attempt)
  if (json === true) return printJson(list)
  print(
    formatTable(
      ['path', '>size', 'where'],
      list.items.map((file) => [file.path, formatBytes(file.size), file.source === 'store' ? 'kept' : 'on the cluster']),
    ),
  )
  for (const missing of list.missing) remark(`missing: ${missing}`)
  if (list.trouble !== null) remark(`the cluster was not asked: ${list.trouble}`)
}
