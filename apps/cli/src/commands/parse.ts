import { CODE_NAMES, type CodeName, PermanentError } from '@crystalmath/contract/plain'
import { type Command, Option } from 'commander'
import { EXIT } from '../exit.ts'
import type { Parsed } from '../output/results.ts'
import { print } from '../output/text.ts'

type Flags = { readonly code?: CodeName; readonly json?: boolean; readonly full?: boolean }

const HELP = `
Examples:
  crystalmath parse OUTCAR
  crystalmath parse runs/*/ --json > results.jsonl
  crystalmath parse si.out.gz --full --json | jq .properties.bands`

/** `crystalmath parse PATH… [--code NAME] [--json] [--full]`: no server needed. Exit status 1 if a path gave an error. */
export const addParse = (program: Command): Command =>
  program
    .command('parse')
    .description('read outputs of a calculation: a file for what it holds, a directory as one calculation')
    .argument('<path...>', 'output files or directories, gz, xz, bz2 and zst too')
    .addOption(new Option('--code <name>', 'read as outputs of this code').choices([...CODE_NAMES]))
    .option('--full', 'also eigenvalues, DOS, and forces and structures of every step')
    .option('--json', 'one JSON line per path')
    .addHelpText('after', HELP)
    .action(parse)

async function parse(paths: readonly string[], { code, full = false, json }: Flags): Promise<void> {
  const all: Parsed[] = []
  for (const path of paths) {
    const one = await read(path, code, full)
    if ('error' in one) process.exitCode = EXIT.bad
    if (json === true) print(jsonLine(one))
    else all.push(one)
  }
  if (json === true) return
  const { formatResult, formatResults } = await import('../output/results.ts')
  const [only] = all
  print(all.length === 1 && only !== undefined && 'result' in only ? formatResult(only.result) : formatResults(all))
}

/** One line that every JSON reader takes: half a surrogate, as a file name may hold, becomes U+FFFD; what no string holds, an error. */
function jsonLine(one: Parsed): string {
  const document = 'error' in one ? one : { path: one.path, ...one.result }
  try {
    const text = JSON.stringify(document)
    if (!text.includes('\\ud')) return text
    return JSON.stringify(document, (_, value: unknown) => (typeof value === 'string' ? value.toWellFormed() : value))
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    process.exitCode = EXIT.bad
    const message = `${one.path}: the result is too large for one line; leave --full out`
    return JSON.stringify({ path: one.path, error: { kind: 'TOO_LARGE', message } })
  }
}

async function read(path: string, code: CodeName | undefined, full: boolean): Promise<Parsed> {
  try {
    const { parsePath } = await import('@crystalmath/files') // with all readers: not loaded for the help
    return { path, result: await parsePath(path, { code, full }) }
  } catch (error) {
    const kind = error instanceof PermanentError ? 'UNREADABLE' : 'BUG'
    const message = error instanceof Error ? (kind === 'BUG' ? (error.stack ?? error.message) : error.message) : String(error)
    return { path, error: { kind, message } }
  }
}
