import { Command } from 'commander'
import { EXIT_HELP } from './exit.ts'
import { write } from './output/text.ts'

/** The command line before its commands are added. Wrong usage throws instead of ending the process. */
export const createProgram = (): Command =>
  new Command('crystalmath')
    .description('high-throughput electronic-structure campaigns on HPC clusters')
    .addHelpText('after', EXIT_HELP)
    .showSuggestionAfterError()
    .configureOutput({ writeOut: write })
    .exitOverride()
