import type { Command } from 'commander'
import { type ConnectionFlags, connect, withConnection } from '../connection.ts'
import { formatTable } from '../output/table.ts'
import { formatTime, print, printJson, printJsonLine } from '../output/text.ts'

type Flags = ConnectionFlags & {
  readonly json?: boolean
  readonly name?: string
  readonly admin?: boolean
  readonly token?: string
}

/** `crystalmath user me | list | create | disable | enable`. */
export function addUser(program: Command): Command {
  const user = program.command('user').description('users of the platform')
  withConnection(user.command('me'))
    .description('who you are, and your projects')
    .addHelpText('after', '\nExamples:\n  crystalmath user me')
    .action(async (flags: Flags) => printJson(await (await connect(flags)).me()))
  withConnection(user.command('list'))
    .description('all users; administrators only')
    .option('--json', 'one JSON object per line')
    .addHelpText('after', '\nExamples:\n  crystalmath user list')
    .action(list)
  withConnection(user.command('create'))
    .description('a new user, with a first token that is shown once; administrators only')
    .argument('<id>', '1 to 32 lower-case letters, digits and inner dashes')
    .option('--name <text>', 'full name')
    .option('--admin', 'may everything')
    .addHelpText('after', '\nExamples:\n  crystalmath user create alice --name "Alice Curie"')
    .action(create)
  for (const [word, disabled, said] of [
    ['disable', true, 'can no longer sign in'],
    ['enable', false, 'can sign in again'],
  ] as const) {
    withConnection(user.command(word))
      .description(`a user ${said}; administrators only`)
      .argument('<id>')
      .addHelpText('after', `\nExamples:\n  crystalmath user ${word} alice`)
      .action(async (id: string, flags: Flags) => {
        await (await connect(flags)).changeUser(id, { disabled })
        print(`${id} ${said}`)
      })
  }
  return user
}

async function create(id: string, { name, admin, ...flags }: Flags): Promise<void> {
  const client = await connect(flags)
  await client.createUser({ id, name, admin })
  const { token } = await client.createToken({ user: id, name: 'first' })
  print(`user ${id}; the token is shown this once:\n${token}`)
}

async function list({ json, ...flags }: Flags): Promise<void> {
  const users = await (await connect(flags)).users()
  if (json === true) return users.forEach(printJsonLine)
  print(
    formatTable(
      ['id', 'name', 'admin', 'created', 'disabled'],
      users.map(({ id, name, admin, createdAt, disabledAt }) => [
        id,
        name,
        admin ? 'yes' : '',
        formatTime(createdAt),
        formatTime(disabledAt),
      ]),
    ),
  )
}
