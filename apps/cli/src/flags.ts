import { InvalidArgumentError } from 'commander'
import { UsageError } from './exit.ts'

/** A whole number from 1. */
export function parseCount(text: string): number {
  const value = Number(text)
  if (!/^\d+$/.test(text) || value < 1) throw new InvalidArgumentError('must be a whole number from 1.')
  return value
}

/** Any whole number. */
export function parseInteger(text: string): number {
  if (!/^-?\d+$/.test(text)) throw new InvalidArgumentError('must be a whole number.')
  return Number(text)
}

/** A number above zero. */
export function parsePositive(text: string): number {
  const value = Number(text)
  if (text.trim() === '' || !Number.isFinite(value) || value <= 0) throw new InvalidArgumentError('must be a number above 0.')
  return value
}

const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400 }

/** `90m`, `2h`, `1d12h`, `1:30:00` or `2-00:00:00`, in seconds. A bare number is refused: batch systems disagree on what it means. */
export function parseSpan(text: string): number {
  const clock = /^(?:(\d+)-)?(\d+):(\d{1,2}):(\d{1,2})$/.exec(text)
  if (clock !== null) {
    const [, days = '0', hours = '0', minutes = '0', seconds = '0'] = clock
    return Number(days) * 86_400 + Number(hours) * 3_600 + Number(minutes) * 60 + Number(seconds)
  }
  if (!/^(\d+[smhd])+$/.test(text)) throw new InvalidArgumentError('must be a time with units: 90m, 2h, 1d12h or 1:30:00.')
  return [...text.matchAll(/(\d+)([smhd])/g)].reduce(
    (sum, [, count, unit = 's']) => sum + Number(count) * (SECONDS[unit] ?? 1),
    0,
  )
}

const MEBIBYTES: Readonly<Record<string, number>> = { M: 1, G: 1_024, T: 1_048_576 }

/** `500M`, `16G`, `1T`, in MiB. */
export function parseMemory(text: string): number {
  const [, count, unit = 'M'] = /^(\d+(?:\.\d+)?)([MGT])(?:i?B)?$/.exec(text) ?? []
  if (count === undefined) throw new InvalidArgumentError('must be an amount with a unit: 500M, 16G or 1T.')
  return Math.ceil(Number(count) * (MEBIBYTES[unit] ?? 1))
}

/** `key=value`, added to what came before. */
export function parsePair(text: string, before: Readonly<Record<string, string>> = {}): Record<string, string> {
  const at = text.indexOf('=')
  if (at < 1) throw new InvalidArgumentError('must be key=value.')
  return { ...before, [text.slice(0, at)]: text.slice(at + 1) }
}

/** A time, or how long ago; ISO. */
export function parseSince(text: string, now: number): string {
  if (/^(\d+[smhd])+$/.test(text)) return new Date(now - parseSpan(text) * 1_000).toISOString()
  const time = Date.parse(text)
  if (Number.isNaN(time)) throw new UsageError(`--since "${text}" is neither a time (2026-11-01) nor a span (2d)`)
  return new Date(time).toISOString()
}

/** `system.ecutwfc=40` into a nested record: JSON where the value is JSON (numbers, true, [1,2,3], "text"), else the text itself. */
export function parseSetting(text: string, before: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  const at = text.indexOf('=')
  if (at < 1) throw new InvalidArgumentError('must be a.b=value.')
  const path = text.slice(0, at).split('.')
  if (path.some((name) => name === '' || name === '__proto__'))
    throw new InvalidArgumentError('must be a.b=value, with a name on each side of each dot.')
  return setAt(before, path, jsonOrText(text.slice(at + 1)))
}

function setAt(
  record: Readonly<Record<string, unknown>>,
  [name = '', ...rest]: readonly string[],
  value: unknown,
): Record<string, unknown> {
  if (rest.length === 0) return { ...record, [name]: value }
  const inner = record[name]
  const isRecord = typeof inner === 'object' && inner !== null && !Array.isArray(inner)
  return { ...record, [name]: setAt(isRecord ? (inner as Record<string, unknown>) : {}, rest, value) }
}

function jsonOrText(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
