import { readFileSync } from 'node:fs'
import type { Command } from 'commander'
import { describe, expect, it } from 'vitest'
import { COMMANDS } from './commands.ts'
import { createProgram } from './program.ts'

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

/** Words behind `crystalmath` in each line of a text, up to a comment or another command. */
const callsIn = (text: string): readonly (readonly string[])[] =>
  text.split('\n').flatMap((line) => {
    const [, call] = /^ *(?:npx )?crystalmath ((?:[^#|<>;&"']|"[^"]*"|'[^']*')*)/.exec(line) ?? []
    return call === undefined ? [] : [call.match(/(?:[^\s"']|"[^"]*"|'[^']*')+/g) ?? []]
  })

const shellBlocks = (text: string): string => [...text.matchAll(/^```sh\n(.*?)^```/gms)].map(([, block]) => block).join('\n')

describe('every call', () => {
  it.each(['README.md', 'docs/guide.md', 'the help itself'])('in %s is one that there is', async (place) => {
    const program = createProgram()
    for (const add of Object.values(COMMANDS)) (await add())(program)
    const text =
      place === 'the help itself'
        ? leavesOf(program).map(helpOf).join('\n')
        : shellBlocks(readFileSync(new URL(`../../../${place}`, import.meta.url), 'utf8'))
    const calls = callsIn(text)
    expect(calls.length).toBeGreaterThan(0)
    for (const words of calls) {
      let command: Command | undefined = program
      for (const word of words)
        if (command !== undefined && command.commands.length > 0) command = command.commands.find((one) => one.name() === word)
      expect(command, words.join(' ')).toBeDefined()
      const known = [...(command?.options.map(({ long }) => long) ?? []), '--help']
      for (const word of words.filter((one) => one.startsWith('--'))) expect(known, words.join(' ')).toContain(word.split('=')[0])
    }
  })
})
