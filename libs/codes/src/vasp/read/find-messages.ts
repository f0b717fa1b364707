import type { Diagnosis } from '@crystalmath/contract'
import { lineCounter, quoted } from '../../reading/hits.ts'
import { mayHold } from '../../reading/may-hold.ts'
import { MESSAGES, type Message, type Severity } from './messages.ts'
import { isTelling } from './telling-lines.ts'

const BAR = 124

export type Finding = { readonly diagnosis: Diagnosis; readonly severity: Severity }

export type MessageFinder = {
  /** A line by its offsets, without its end; `lineAt` is asked for its number. Lines that hold nothing but numbers may be left out. */
  look(block: string, from: number, to: number, lineAt: (offset: number) => number): void
  feed(block: string, firstLine: number): void
  /** In the order of the file, one per kind. */
  findings(): readonly Finding[]
}

const escaped = (text: string): string => text.replace(/[\^$.*+?()[\]{}|/-]/g, '\\$&')

const BY_TEXT = new Map<string, Message[]>()
for (const message of MESSAGES) for (const said of message.said) BY_TEXT.set(said, [...(BY_TEXT.get(said) ?? []), message])

const REFUSALS = ['I REFUSE TO CONTINUE WITH THIS SICK JOB', 'forrtl: severe', 'forrtl: error', 'internal error in']
const TEXTS = [...[...BY_TEXT.keys()].sort((a, b) => b.length - a.length), ...REFUSALS]
const SAID = TEXTS.map(escaped).join('|')
const ALL = new RegExp(SAID, 'g')
const ANY = new RegExp(SAID)
const mayHoldAny = mayHold(TEXTS)

/** Whether a text holds one of the messages. */
export const saysSomething = (text: string): boolean => mayHoldAny(text, 0, text.length) && ANY.test(text)

/** `DAV:   1 …`, the most frequent line of a standard output. */
const isIteration = (text: string): boolean =>
  (text.charCodeAt(3) === 58 || text.charCodeAt(4) === 58) && /^ ?[A-Z]{2,4} ?: +\d+ +-?[0.]/.test(text)
/** Lines of a framed message that are kept until it ends. */
const MAX_FRAME = 60

/** Looks for every message that the program, its launcher or the batch system can leave in a text. */
export function findMessages(file: string): MessageFinder {
  const found = new Map<string, Finding>()
  let unknown: Finding | null = null
  let frame: string[] = []

  const give = (said: string, text: string, line: number): void => {
    const messages = BY_TEXT.get(said)
    const quote = { file, line, text: quoted(unframed(text)) }
    for (const { kind, severity, means, unless } of messages ?? []) {
      if (unless !== undefined && text.includes(unless)) continue
      if (!found.has(kind)) found.set(kind, { severity, diagnosis: { kind, message: means, evidence: quote } })
    }
    if (messages !== undefined || unknown !== null) return
    const words = said.startsWith('I REFUSE') ? quoted(wordsOf(frame)) : quote.text
    unknown = {
      severity: 'fatal',
      diagnosis: { kind: 'UNKNOWN_FAILURE', message: 'VASP gave up', evidence: { ...quote, text: words } },
    }
  }

  const look: MessageFinder['look'] = (block, from, to, lineAt) => {
    if (block.charCodeAt(from) === BAR && from < to) {
      if (frame.length < MAX_FRAME) frame.push(quoted(block.slice(from, to)))
    } else if (frame.length > 0) frame = []
    if (!mayHoldAny(block, from, to)) return
    const text = block.slice(from, to)
    if (isIteration(text) || text.includes('cpu time')) return
    if (!ANY.test(text)) return
    for (const [said] of text.matchAll(ALL)) give(said, text, lineAt(from))
  }

  return {
    look,
    feed(block, firstLine) {
      const lineAt = lineCounter(block, firstLine)
      for (let from = 0; from < block.length; ) {
        const newline = block.indexOf('\n', from)
        const to = newline === -1 ? block.length : newline
        if (isTelling(block, from, to)) look(block, from, to, lineAt)
        from = to + 1
      }
    },
    findings() {
      const known = [...found.values()]
      return unknown === null || known.some(({ severity }) => severity === 'fatal') ? known : [...known, unknown]
    },
  }
}

const unframed = (text: string): string => text.replace(/^\s*\||\|\s*$/g, '').trim()

/** A framed message without its banner of large letters and the refusal itself. */
const wordsOf = (frame: readonly string[]): string =>
  frame
    .map(unframed)
    .filter((line) => line !== '' && !line.includes('I REFUSE') && !/^(?:[#A-Z!]{1,8}(?: +|$))+$/.test(line))
    .join(' ')
