import { type Command, CommanderError } from 'commander'
import { EXIT, report } from './exit.ts'
import { createProgram } from './program.ts'

/** Adds one command to the program; loaded when it is asked for. */
export type LoadCommand = () => Promise<(program: Command) => Command>

/** Runs what the words of this process ask for: of `commands`, the one that they name, or all where help is wanted. Sets the exit status. */
export async function run(commands: Readonly<Record<string, LoadCommand>>): Promise<void> {
  const program = createProgram()
  const asked = process.argv.slice(2).find((word) => !word.startsWith('-'))
  const wanted = asked !== undefined && Object.hasOwn(commands, asked) ? [asked] : Object.keys(commands)

  try {
    for (const name of wanted) (await commands[name]?.())?.(program)
    await program.parseAsync()
  } catch (error) {
    process.exitCode =
      error instanceof CommanderError
        ? error.exitCode === 0
          ? EXIT.ok
          : EXIT.usage
        : report(error, (line) => process.stderr.write(`${line}\n`))
  }
}
