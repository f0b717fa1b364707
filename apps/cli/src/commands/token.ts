import type { Command } from 'commander'
import { type ConnectionFlags, connect, withConnection } from '../connection.ts'
import { parseCount } from '../flags.ts'
import { formatTable } from '../output/table.ts'
import { formatTime, print, printJsonLine } from '../output/text.ts'

type Flags = ConnectionFlags & { readonly json?: boolean; readonly name?: string; readonly user?: string; readonly days?: number }

/** `crystalmath token list | create | revoke`. */
export function addToken(program: Command): Command {
  const token = program.command('token').description('bearer tokens; only their hashes are stored')
  withConnection(token.command('list'))
    .description('your tokens; administrators see all')
    .option('--json', 'one JSON object per line')
    .addHelpText('after', '\nExamples:\n  crystalmath token list')
    .action(list)
  withConnection(token.command('create'))
    .description('a new token, shown once')
    .option('--name <text>', 'what it is for')
    .option('--user <id>', 'for somebody else; administrators only')
    .option('--days <n>', 'valid for so long; without it until it is revoked', parseCount)
    .addHelpText('after', '\nExamples:\n  crystalmath token create --name laptop --days 90')
    .action(async ({ name, user, days, ...flags }: Flags) => {
      const made = await (await connect(flags)).createToken({ name, user, expiresInDays: days })
      print(made.token)
    })
  withConnection(token.command('revoke'))
    .description('end a token')
    .argument('<id>', 'as listed')
    .addHelpText('after', '\nExamples:\n  crystalmath token revoke 3fb4c0a1d2e3f405')
    .action(async (id: string, flags: Flags) => {
      await (await connect(flags)).revokeToken(id)
      print(`${id} is revoked`)
    })
  return token
}

async function list({ json, ...flags }: Flags): Promise<void> {
  const tokens = await (await connect(flags)).tokens()
  if (json === true) return tokens.forEach(printJsonLine)
  print(
    formatTable(
      ['id', 'user', 'name', 'created', 'last used', 'expires', 'revoked'],
      tokens.map((one) => [
        one.id,
        one.user,
        one.name,
        formatTime(one.createdAt),
        formatTime(one.lastUsedAt),
        formatTime(one.expiresAt),
        formatTime(one.revokedAt),
      ]),
    ),
  )
}
