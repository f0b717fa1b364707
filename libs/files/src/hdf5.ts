import { PermanentError } from '@crystalmath/contract/plain'

/** The first bytes of an HDF5 file. */
const SIGNATURE = Buffer.from('\x89HDF\r\n\x1a\n', 'latin1')

export const isHdf5 = (head: Buffer): boolean => head.subarray(0, SIGNATURE.length).equals(SIGNATURE)

/** Numbers of one dataset that are read, and of one of its slices along the first axis, which are in memory at once. */
const MAX_NUMBERS = 200_000_000
const MAX_SLICE = 8_000_000
const PIECE = 1 << 20

/**
 * An HDF5 file as text, so that its readers are fed as all others are. First `# HDF5` and the names in its root; then of each wanted
 * dataset that is there and not larger than is sane, in the order wanted, a line per row: path, tab, the row's indices joined by
 * commas, tab, its numbers, or a JSON list of texts. `group/*` wants what lies in a group, but no further down. The library is loaded
 * when first needed and reads from the disk; the file is never in memory as a whole.
 */
export async function* hdf5Text(path: string, wanted: readonly string[]): AsyncGenerator<Buffer> {
  const h5 = await import('h5wasm/node')
  const { activate_throwing_error_handler: throwErrors } = await h5.ready
  throwErrors() // instead of printing them
  const damaged = (cause: unknown): PermanentError =>
    new PermanentError(`${path}: the HDF5 data are damaged or not complete; copy it again when the run is over`, { cause })
  let file: InstanceType<typeof h5.File> | undefined
  try {
    file = new h5.File(path, 'r')
    yield Buffer.from(`# HDF5 ${file.keys().join(' ')}\n`, 'latin1')
    for (const name of wanted.flatMap((one) => namesOf(file as Group, one))) {
      const found = file.get(name)
      if (found instanceof h5.Dataset) yield* pieces(linesOf(name, found))
    }
  } catch (error) {
    throw damaged(error)
  } finally {
    file?.close()
  }
}

type Group = { get(path: string): unknown }
type Values = { readonly length: number; readonly [i: number]: unknown }
type Dataset = {
  readonly shape: number[] | null
  readonly value: unknown
  slice(ranges: [number, number][]): unknown
}

function namesOf(root: Group, wanted: string): string[] {
  if (!wanted.endsWith('/*')) return [wanted]
  const group = root.get(wanted.slice(0, -2)) as { keys?: () => string[] } | null
  return (group?.keys?.() ?? []).map((key) => wanted.replace('*', key))
}

function* linesOf(name: string, dataset: Dataset): Generator<string> {
  const shape = dataset.shape ?? []
  const [first = 1, ...rest] = shape
  const perSlice = rest.reduce((product, n) => product * n, 1)
  if (first * perSlice > MAX_NUMBERS || perSlice > MAX_SLICE || (rest.length === 0 && first > MAX_SLICE)) return
  if (shape.length < 2) {
    const { value } = dataset
    yield lineOf(name, '', isList(value) ? value : [value])
    return
  }
  const perRow = rest.at(-1) ?? 1
  for (let at = 0; at < first; at += 1) {
    const slice = dataset.slice([[at, at + 1], ...rest.map((n): [number, number] => [0, n])])
    if (!isList(slice)) return
    for (let row = 0; row * perRow < slice.length; row += 1)
      yield lineOf(name, indices(at, row, rest.slice(0, -1)), listOf(slice, row * perRow, perRow))
  }
}

const isList = (value: unknown): value is Values => Array.isArray(value) || ArrayBuffer.isView(value)
const listOf = (values: Values, from: number, count: number): unknown[] =>
  Array.from({ length: count }, (_, i) => values[from + i])

function indices(slice: number, row: number, axes: readonly number[]): string {
  const found: number[] = []
  let left = row
  for (const size of [...axes].reverse()) {
    found.unshift(left % size)
    left = Math.floor(left / size)
  }
  return [slice, ...found].join()
}

function lineOf(name: string, at: string, values: Values): string {
  const list = Array.from(values as ArrayLike<unknown>)
  const isText = list.some((value) => typeof value === 'string')
  return `${name}\t${at}\t${isText ? JSON.stringify(list) : list.join(' ')}\n`
}

function* pieces(lines: Iterable<string>): Generator<Buffer> {
  let text = ''
  for (const line of lines) {
    text += line
    if (text.length < PIECE) continue
    yield Buffer.from(text, 'latin1')
    text = ''
  }
  if (text !== '') yield Buffer.from(text, 'latin1')
}
