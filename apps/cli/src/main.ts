import { COMMANDS } from './commands.ts'
import { run } from './run.ts'

await run(COMMANDS)
