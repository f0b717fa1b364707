import { run as runCommand } from '../run.ts'

/** The command line as far as it is compiled ahead. */
export const run = (): Promise<void> => runCommand({ parse: async () => (await import('../commands/parse.ts')).addParse })
