import { Command } from 'commander'

const COMMANDS: Readonly<Record<string, () => Promise<(program: Command) => Command>>> = {
  parse: async () => (await import('./commands/parse.ts')).addParse,
}

const program = new Command('crystalmath').description('high-throughput electronic-structure campaigns on HPC clusters')
const asked = process.argv.slice(2).find((word) => !word.startsWith('-'))
const wanted = asked !== undefined && asked in COMMANDS ? [asked] : Object.keys(COMMANDS)
for (const name of wanted) (await COMMANDS[name]?.())?.(program)
await program.parseAsync()
