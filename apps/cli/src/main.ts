import { CommanderError } from 'commander'
import { EXIT, report } from './exit.ts'
import { COMMANDS, createProgram } from './program.ts'

const program = createProgram()
const asked = process.argv.slice(2).find((word) => !word.startsWith('-'))
const wanted = asked !== undefined && Object.hasOwn(COMMANDS, asked) ? [asked] : Object.keys(COMMANDS)

// a reader such as `head` that has seen enough is no fault
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(EXIT.ok)
  throw error
})

try {
  for (const name of wanted) (await COMMANDS[name]?.())?.(program)
  await program.parseAsync()
} catch (error) {
  process.exitCode =
    error instanceof CommanderError
      ? error.exitCode === 0
        ? EXIT.ok
        : EXIT.usage
      : report(error, (line) => process.stderr.write(`${line}\n`))
}
