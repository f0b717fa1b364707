import { type Command, InvalidArgumentError } from 'commander'
import { type ConnectionFlags, connect, withConnection } from '../connection.ts'
import { parseCount } from '../flags.ts'
import { formatTable } from '../output/table.ts'
import { cut, formatTime, print, printJson, printJsonLine, remark } from '../output/text.ts'

type Flags = ConnectionFlags & { readonly json?: boolean; readonly limit?: number }

const number = (text: string): number => {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('must be the number of a dead letter, as listed.')
  return Number(text)
}

/** `crystalmath dead-letters list | show | resend`. */
export function addDeadLetters(program: Command): Command {
  const letters = program.command('dead-letters').description('messages that a service gave up on; administrators only')
  withConnection(letters.command('list'))
    .description('the newest first')
    .option('--limit <n>', 'at most so many', parseCount, 50)
    .option('--json', 'one JSON object per line')
    .addHelpText('after', '\nExamples:\n  crystalmath dead-letters list')
    .action(list)
  withConnection(letters.command('show'))
    .description('one of them, with its message')
    .argument('<number>', 'as listed', number)
    .addHelpText('after', '\nExamples:\n  crystalmath dead-letters show 12')
    .action(async (sequence: number, flags: Flags) => printJson(await (await connect(flags)).deadLetter(sequence)))
  withConnection(letters.command('resend'))
    .description('send it again, once its cause is mended')
    .argument('<number...>', 'as listed')
    .addHelpText('after', '\nExamples:\n  crystalmath dead-letters resend 12 13')
    .action(async (sequences: readonly string[], flags: Flags) => {
      const client = await connect(flags)
      for (const word of sequences) {
        await client.resendDeadLetter(number(word))
        print(`${word} is on its way again`)
      }
    })
  return letters
}

async function list({ limit, json, ...flags }: Flags): Promise<void> {
  const letters = await (await connect(flags)).deadLetters(limit)
  if (json === true) return letters.forEach(printJsonLine)
  if (letters.length === 0) return remark('no dead letters')
  print(
    formatTable(
      ['>number', 'time (UTC)', 'by', 'job', 'because'],
      letters.map(({ sequence, at, consumer, jobId, because }) => [
        sequence,
        formatTime(at),
        consumer ?? '-',
        jobId ?? '-',
        cut(because.split('\n')[0] ?? '', 90),
      ]),
    ),
  )
}
