/** Shorter texts tell too little; `mayHold` cannot find them. */
const SHORTEST = 6

/**
 * Texts of which every match of a pattern holds at least one; null where the pattern assures of none that is long enough. A line without
 * any of them need not be tried: that is told by a fraction of what the pattern costs.
 */
export function requiredTexts(source: string): readonly string[] | null {
  const { texts, end } = alternatives(source, 0)
  return end < source.length ? null : texts
}

type Found = { readonly texts: readonly string[] | null; readonly end: number }

/** Alternatives up to the parenthesis that closes their group, or to the end: each must assure of a text of its own. */
function alternatives(source: string, from: number): Found {
  const all: (readonly string[] | null)[] = []
  let at = from
  for (;;) {
    const { texts, end } = sequence(source, at)
    all.push(texts)
    if (source[end] !== '|') return { texts: all.includes(null) ? null : all.flatMap((some) => some ?? []), end }
    at = end + 1
  }
}

/** One alternative: the best of its parts, each a run of letters or a group. */
function sequence(source: string, from: number): Found {
  let best: readonly string[] | null = null
  let run = ''
  let at = from
  const consider = (texts: readonly string[] | null) => {
    if (texts !== null && worth(texts) > worth(best)) best = texts
  }
  while (at < source.length && source[at] !== '|' && source[at] !== ')') {
    const part = partAt(source, at)
    const optional = /^(?:[*?]|\{0?,?0)/.test(source.slice(part.end))
    const end = part.end + (/^(?:[*+?]|\{\d*,?\d*\})\??/.exec(source.slice(part.end))?.[0].length ?? 0)
    if (part.letter !== null && !optional) run += part.letter
    if (part.letter === null || optional || end > part.end) {
      consider([run])
      run = ''
    }
    if (part.texts !== null && !optional) consider(part.texts)
    at = end
  }
  consider([run])
  return { texts: best, end: at }
}

/** The length of the shortest, which is found by chance most often; 0 where it is too short to be of use. */
const worth = (texts: readonly string[] | null): number => {
  const shortest = texts === null || texts.length === 0 ? 0 : Math.min(...texts.map(({ length }) => length))
  return shortest < SHORTEST ? 0 : shortest
}

type Part = { readonly letter: string | null; readonly texts: readonly string[] | null; readonly end: number }

/** A letter, an escape, a set or a group: what it assures of, and where it ends. */
function partAt(source: string, at: number): Part {
  const letter = source[at] ?? ''
  const nothing = (end: number): Part => ({ letter: null, texts: null, end })
  if (letter === '\\') {
    const escaped = source[at + 1] ?? ''
    return /\w/.test(escaped) ? nothing(at + 2) : { letter: escaped, texts: null, end: at + 2 }
  }
  if (letter === '[') return nothing(at + (/^\[\^?(?:\\.|[^\]\\])*\]/.exec(source.slice(at))?.[0].length ?? 1))
  if (letter === '(') {
    const [opening = '('] = /^\((?:\?(?:[:=!]|<[=!]|<\w+>))?/.exec(source.slice(at)) ?? []
    const { texts, end } = alternatives(source, at + opening.length)
    const looksAround = /[=!]$/.test(opening)
    return { letter: null, texts: looksAround ? null : texts, end: end + 1 }
  }
  return /[.^$]/.test(letter) ? nothing(at + 1) : { letter, texts: null, end: at + 1 }
}
