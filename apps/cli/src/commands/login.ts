import { createInterface } from 'node:readline/promises'
import { openClient } from '@crystalmath/client'
import type { Command } from 'commander'
import { config } from '../config.ts'
import { localLogin, readLogin, writeLogin } from '../connection.ts'
import { UsageError } from '../exit.ts'
import { print } from '../output/text.ts'

type Flags = { readonly url?: string; readonly token?: string; readonly project?: string }

/** `crystalmath login`: checks address and token, then stores them, readable by their owner alone. */
export const addLogin = (program: Command): Command =>
  program
    .command('login')
    .description('store the address and token of a platform, and the project to use where none is named')
    .option('--url <url>', 'address, http://host:port')
    .option('--token <token>', 'bearer token; better typed when asked, or piped in: the shell keeps what it is told')
    .option('--project <id>', 'project for commands that name none')
    .addHelpText(
      'after',
      '\nExamples:\n  crystalmath login --url http://127.0.0.1:4100\n  cat token | crystalmath login --url https://cm.example.org --project oxides',
    )
    .action(login)

async function login(flags: Flags): Promise<void> {
  const local = await readLogin(localLogin(config.data()))
  const before = (await readLogin(config.loginFile()).catch(() => null)) ?? local
  const url = (flags.url ?? config.url() ?? before?.url)?.replace(/\/+$/, '')
  if (url === undefined) throw new UsageError('which platform? name it with --url')
  const token =
    flags.token ?? config.token() ?? (before?.url === url && flags.project !== undefined ? before.token : await askToken())
  const { user, projects } = await openClient({ url, token }).me()
  const project = flags.project ?? before?.project ?? (projects.length === 1 ? projects[0]?.id : undefined)
  await writeLogin(config.loginFile(), { url, token, ...(project === undefined ? {} : { project }) })
  print(`signed in at ${url} as ${user.id}${user.admin ? ' (administrator)' : ''}; stored in ${config.loginFile()}`)
  if (project !== undefined && !user.admin && !projects.some(({ id }) => id === project))
    print(`you are not in project ${project} yet`)
}

async function askToken(): Promise<string> {
  if (process.stdin.isTTY === true) {
    const terminal = createInterface({ input: process.stdin, output: process.stderr })
    const answer = await terminal.question('token: ').finally(() => terminal.close())
    return given(answer)
  }
  let text = ''
  for await (const part of process.stdin) text += String(part)
  return given(text)
}

function given(text: string): string {
  const token = text.trim()
  if (token === '') throw new UsageError('no token was given')
  return token
}
