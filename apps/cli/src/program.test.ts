import type { Command } from 'commander'
import { describe, expect, it } from 'vitest'
import { COMMANDS, createProgram } from './program.ts'

/** Everything that `--help` of a command prints. */
function helpOf(command: Command): string {
  let text = ''
  command.configureOutput({
    writeOut: (some) => {
      text += some
    },
  })
  command.outputHelp()
  return text
}

const leavesOf = (command: Command): readonly Command[] =>
  command.commands.length === 0 ? [command] : command.commands.flatMap(leavesOf)

describe('every command', () => {
  it.each(Object.keys(COMMANDS))('%s is named as it is asked for, and its help has a sentence and examples', async (name) => {
    const program = createProgram()
    const add = await COMMANDS[name]?.()
    const command = add?.(program)
    expect(command?.name()).toBe(name)
    for (const leaf of command === undefined ? [] : leavesOf(command)) {
      expect(leaf.description(), leaf.name()).toMatch(/\w{3}/)
      expect(helpOf(leaf), leaf.name()).toMatch(/\nExamples:\n {2}(crystalmath|npm run|make-jobs|cat) /)
    }
  })
})
