import { CodeName, PermanentError } from '@crystalmath/contract'
import { parsePath } from '@crystalmath/files'
import type { Command } from 'commander'

type Flags = { readonly code?: string; readonly json?: boolean; readonly full?: boolean }

/** `crystalmath parse PATH… [--code NAME] [--json] [--full]`: no server needed. Exit status 1 if a path gave an error. */
export const addParse = (program: Command): Command =>
  program
    .command('parse')
    .description('read outputs of a calculation: a file for what it holds, a directory as one calculation')
    .argument('<path...>', 'output files or directories, gz, xz, bz2 and zst too')
    .option('--code <name>', `read as outputs of this code (${CodeName.options.join(', ')})`)
    .option('--full', 'also eigenvalues, DOS, and forces and structures of every step')
    .option('--json', 'one JSON line per path')
    .action(async (paths: readonly string[], flags: Flags) => {
      const code = flags.code === undefined ? undefined : CodeName.parse(flags.code)
      for (const path of paths) {
        try {
          const result = await parsePath(path, { code, full: flags.full ?? false })
          process.stdout.write(`${JSON.stringify({ path, ...result })}\n`)
        } catch (error) {
          process.exitCode = 1
          const kind = error instanceof PermanentError ? 'UNREADABLE' : 'BUG'
          const message = error instanceof Error ? (kind === 'BUG' ? (error.stack ?? error.message) : error.message) : String(error)
          process.stdout.write(`${JSON.stringify({ path, error: { kind, message } })}\n`)
        }
      }
    })
