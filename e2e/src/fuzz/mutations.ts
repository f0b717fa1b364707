export type Random = () => number

/** Breaks a text; `other` is another output of the same kind. */
type Mutation = (text: string, random: Random, other: string) => string

const below = (random: Random, end: number): number => Math.floor(random() * end)
const pick = <T>(random: Random, list: readonly T[]): T | undefined => list[below(random, list.length)]

const insert = (text: string, at: number, what: string, instead = 0): string =>
  text.slice(0, at) + what + text.slice(at + instead)

function onLines(change: (lines: string[], at: number, random: Random) => void): Mutation {
  return (text, random) => {
    const lines = text.split('\n')
    for (let left = 1 + below(random, 4); left > 0; left -= 1) change(lines, below(random, lines.length), random)
    return lines.join('\n')
  }
}

const times =
  (most: number, one: (text: string, random: Random) => string): Mutation =>
  (text, random) => {
    let now = text
    for (let left = 1 + below(random, most); left > 0; left -= 1) now = one(now, random)
    return now
  }

/** What a number may turn into: no number, a huge one, a count that no memory holds. */
const NUMBERS = [
  'NaN',
  '********',
  'Infinity',
  '-Infinity',
  '1e999',
  '999999999',
  '-1',
  '0',
  '4294967296',
  '1.0D+400',
  '0.0.0',
  '',
  '-',
  '1e-320',
  '99999999999999999999',
]

function changeNumber(text: string, random: Random): string {
  const number = /[-+]?\d+(?:\.\d*)?(?:[eEdD][-+]?\d+)?/g
  number.lastIndex = below(random, text.length)
  const found = number.exec(text)
  return found === null ? text : insert(text, found.index, pick(random, NUMBERS) ?? '', found[0].length)
}

const FILL = [' ', '-', '1', '1 ', 'a', '*', '\t', '<', '1.5', '=']

/** Every way of breaking, by name. */
export const MUTATIONS: Readonly<Record<string, Mutation>> = {
  prefix: (text, random) => text.slice(0, below(random, text.length + 1)),
  flip: times(12, (text, random) => insert(text, below(random, text.length), String.fromCharCode(below(random, 256)), 1)),
  drop: onLines((lines, at, random) => void lines.splice(at, 1 + below(random, 12))),
  double: onLines((lines, at, random) => void lines.splice(at, 0, ...lines.slice(at, at + 1 + below(random, 12)))),
  swap: onLines((lines, at, random) => {
    const to = below(random, lines.length)
    ;[lines[at], lines[to]] = [lines[to] ?? '', lines[at] ?? '']
  }),
  join: onLines((lines, at) => void lines.splice(at, 2, `${lines[at] ?? ''}${lines[at + 1] ?? ''}`)),
  'two-runs': (text, random, other) =>
    random() < 0.5 ? `${text}${other}` : `${text.slice(0, below(random, text.length))}\n${other}`,
  crlf: (text) => text.replaceAll('\n', '\r\n'),
  latin1: times(8, (text, random) => insert(text, below(random, text.length), String.fromCharCode(128 + below(random, 128)))),
  nul: (text, random) => insert(text, below(random, text.length), '\0'.repeat(1 + below(random, 5_000))),
  number: times(6, changeNumber),
  'long-line': (text, random) =>
    insert(text, below(random, text.length), (pick(random, FILL) ?? ' ').repeat(1 + below(random, 100_000))),
  'no-newlines': (text, random) => {
    const from = below(random, text.length)
    const to = from + below(random, 50_000)
    return text.slice(0, from) + text.slice(from, to).replaceAll('\n', ' ') + text.slice(to)
  },
  hole: (text, random) => insert(text, below(random, text.length), '', below(random, text.length)),
}
