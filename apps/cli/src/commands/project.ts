import { Role } from '@crystalmath/contract'
import type { Command } from 'commander'
import { type ConnectionFlags, connect, withConnection } from '../connection.ts'
import { UsageError } from '../exit.ts'
import { parsePositive } from '../flags.ts'
import { formatFacts, formatTable } from '../output/table.ts'
import { cut, print, printJson, printJsonLine, remark } from '../output/text.ts'

type Flags = ConnectionFlags & { readonly json?: boolean; readonly title?: string }

/** `crystalmath project list | create | set | usage | add-member | remove-member`. */
export function addProject(program: Command): Command {
  const project = program.command('project').description('projects and who belongs to them')
  withConnection(project.command('list'))
    .description('projects that you may see')
    .option('--json', 'one JSON object per line')
    .addHelpText('after', '\nExamples:\n  crystalmath project list')
    .action(list)
  withConnection(project.command('create'))
    .description('a new project; you are its owner')
    .argument('<id>', '1 to 32 lower-case letters, digits and inner dashes')
    .option('--title <text>')
    .addHelpText('after', '\nExamples:\n  crystalmath project create oxides --title "Transition-metal oxides"')
    .action(async (id: string, { title, ...flags }: Flags) => {
      const made = await (await connect(flags)).createProject({ id, title })
      print(`project ${made.id}`)
    })
  withConnection(project.command('set'))
    .description('change its title; administrators: its weight among other projects, and its budget of core-hours')
    .argument('<project>')
    .option('--title <text>')
    .option('--weight <number>', 'twice the weight: twice the cores of an account that others use too', parsePositive)
    .option('--budget <core-hours>', 'what its jobs may cost in all, or none', (text) =>
      text === 'none' ? null : parsePositive(text),
    )
    .option('--json', 'JSON for programs')
    .addHelpText(
      'after',
      '\nExamples:\n  crystalmath project set oxides --weight 3 --budget 50000\n  crystalmath project set oxides --budget none',
    )
    .action(set)
  withConnection(project.command('usage'))
    .description('core-hours that it spent, reserved and has left, by user and by campaign')
    .argument('<project>')
    .option('--json', 'JSON for programs')
    .addHelpText('after', '\nExamples:\n  crystalmath project usage oxides')
    .action(usage)
  withConnection(project.command('add-member'))
    .description('give a user a role: viewer (reads), member (submits), owner (says who belongs)')
    .argument('<project>')
    .argument('<user>')
    .argument('[role]', 'viewer, member or owner', 'member')
    .addHelpText(
      'after',
      '\nExamples:\n  crystalmath project add-member oxides alice\n  crystalmath project add-member oxides bob viewer',
    )
    .action(async (id: string, user: string, word: string, flags: Flags) => {
      const role = Role.safeParse(word)
      if (!role.success) throw new UsageError(`"${word}" is not a role; say ${Role.options.join(', ')}`)
      await (await connect(flags)).setMember(id, user, role.data)
      print(`${user} is ${role.data} of ${id}`)
    })
  withConnection(project.command('remove-member'))
    .description('take a user out of a project')
    .argument('<project>')
    .argument('<user>')
    .addHelpText('after', '\nExamples:\n  crystalmath project remove-member oxides bob')
    .action(async (id: string, user: string, flags: Flags) => {
      await (await connect(flags)).removeMember(id, user)
      print(`${user} is out of ${id}`)
    })
  return project
}

async function list({ json, ...flags }: Flags): Promise<void> {
  const projects = await (await connect(flags)).projects()
  if (json === true) return projects.forEach(printJsonLine)
  if (projects.length === 0) return remark('no projects; "crystalmath project create ID" makes one')
  print(
    formatTable(
      ['id', 'title', 'members'],
      projects.map(({ id, title, members }) => [
        id,
        cut(title, 50),
        members.map(({ user, role }) => `${user} (${role})`).join(', '),
      ]),
    ),
  )
}

type SetFlags = Flags & { readonly weight?: number; readonly budget?: number | null }

async function set(id: string, { title, weight, budget, json, ...flags }: SetFlags): Promise<void> {
  if (title === undefined && weight === undefined && budget === undefined)
    throw new UsageError('say what to change: --title, --weight or --budget')
  const project = await (await connect(flags)).changeProject(id, { title, weight, budgetCoreHours: budget })
  if (json === true) return printJson(project)
  const { budgetCoreHours } = project
  print(`${project.id}  weight ${project.weight}, ${budgetCoreHours === null ? 'no budget' : `${budgetCoreHours} core-hours`}`)
}

async function usage(id: string, { json, ...flags }: Flags): Promise<void> {
  const found = await (await connect(flags)).projectUsage(id)
  if (json === true) return printJson(found)
  const hours = (value: number | null) => (value === null ? null : value.toFixed(2))
  print(
    formatFacts([
      ['spent', `${hours(found.spentCoreHours)} core-hours`],
      ['reserved', `${hours(found.reservedCoreHours)} by jobs that are on a cluster`],
      ['budget', hours(found.budgetCoreHours) ?? 'none'],
      ['left', hours(found.leftCoreHours)],
    ]),
  )
  if (found.users.length === 0) return
  const rows = (list: readonly { readonly coreHours: number; readonly attempts: number }[], names: readonly string[]) =>
    list.map(({ coreHours, attempts }, index) => [names[index] ?? '', coreHours.toFixed(2), attempts])
  const users = found.users.map(({ user }) => user)
  const campaigns = found.campaigns.map(({ campaign }) => campaign ?? 'jobs of no campaign')
  print(`\n${formatTable(['user', '>core-hours', '>attempts'], rows(found.users, users))}`)
  print(`\n${formatTable(['campaign', '>core-hours', '>attempts'], rows(found.campaigns, campaigns))}`)
}
