import type { Diagnosis } from '@crystalmath/contract'
import { eachLine } from '../../reading/hits.ts'
import { toNumber, toNumbers } from '../../reading/numbers.ts'
import { notesOf } from '../../reading/sections.ts'

/** Bands or densities of states as CRYSTAL writes them for plotting, hartree. */
export type PlotReading = {
  readonly content: 'bands' | 'dos' | null
  /** Along the path (bohr⁻¹), or energies (hartree). */
  readonly abscissa: readonly number[]
  /** [spin][point][band or projection]. */
  readonly values: readonly (readonly (readonly number[])[])[]
  /** Hartree; 0 where the energies are counted from it. */
  readonly fermi: number | null
  readonly diagnoses: readonly Diagnosis[]
}

const MAX_NUMBERS = 20_000_000

/** Reads BAND.DAT and DOSS.DAT: `# NKPT 61 NBND 18 NSPIN 1`, lines for xmgrace, rows; a second set of rows for the second spin. */
export function plotTable(file: string) {
  const notes = notesOf(file)
  let content: PlotReading['content'] = null
  let [points, columns, spins] = [0, 0, 1]
  const rows: number[][] = []
  let label = ''

  function line(text: string, number: number): void {
    const header = /# *(NKPT|NEPTS) +(\d+) +N(?:BND|PROJ) +(\d+) +NSPIN +(\d)/.exec(text)
    if (header !== null) {
      content = header[1] === 'NKPT' ? 'bands' : 'dos'
      ;[points, columns, spins] = [Number(header[2]), Number(header[3]), Number(header[4])]
    } else if (/YAXIS LABEL/.test(text)) label = text
    if (/^ *[#@&]/.test(text) || text.trim() === '' || rows.length * (columns + 1) > MAX_NUMBERS) return
    const row = toNumbers(text)
    if (row?.length === columns + 1) rows.push(row)
    else
      notes.diagnose('OUTPUT_UNREADABLE', `a row of the plot cannot be read: "${text.trim().slice(0, 80)}"`, {
        line: number,
        text,
      })
  }

  return {
    feed: (block: string, firstLine: number) => eachLine(block.slice(0, block.lastIndexOf('\n') + 1), firstLine, line),
    end(): PlotReading {
      const whole = points > 0 && rows.length === points * spins
      if (content !== null && !whole)
        notes.diagnose('OUTPUT_INCOMPLETE', `${rows.length} of ${points * spins} rows are there`, { line: null, text: file })
      if (content === 'dos' && label !== '' && !label.includes('DENSITY OF STATES')) content = null // COOP and COHP look alike
      const first = whole ? rows.slice(0, points) : []
      const sets = whole
        ? Array.from({ length: spins }, (_, s) => rows.slice(s * points, (s + 1) * points).map((row) => row.slice(1)))
        : []
      return {
        content: whole ? content : null,
        abscissa: first.map(([x = 0]) => x),
        values: sets,
        fermi: 0,
        diagnoses: notes.diagnoses,
      }
    },
  }
}

type Block = {
  readonly kind: string
  readonly open: boolean
  readonly rows: number
  readonly columns: number
  readonly step: number
  readonly fermi: number
  start: number
  skip: number
  numbers: number[]
}

/** `-%-0BAND   18   20 0.00000E+00 3.10265E-02-3.96858E-01` (A3,I1,A4,2I5,3E12.5): flag 1 and 3 are open shells. */
const HEADER = /^-%-(\d)([A-Z]{4})([ \d]{5})([ \d]{5})(.{12})(.{12})(.{12})/

/** Reads BAND and DOSS of fort.25 (f25): blocks of numbers twelve characters wide. Open shells are left out: the order of their blocks differs between versions. */
export function plotUnit25(file: string) {
  const notes = notesOf(file)
  const blocks: Block[] = []
  let count = 0

  function line(text: string, number: number): void {
    const header = HEADER.exec(text)
    const block = blocks.at(-1)
    if (header !== null) {
      const [rows, columns, , step, fermi] = header.slice(3).map((word) => toNumber(word.trim()))
      if (blocks.length < 10_000)
        blocks.push({
          kind: header[2] ?? '',
          open: Number(header[1]) % 2 === 1,
          rows: rows ?? 0,
          columns: columns ?? 0,
          step: step ?? 0,
          fermi: fermi ?? Number.NaN,
          start: 0,
          skip: 2,
          numbers: [],
        })
    } else if (block !== undefined && block.skip > 0) {
      if (block.skip === 2) block.start = toNumber(text.slice(0, 12).trim()) ?? Number.NaN
      block.skip -= 1
    } else if (block !== undefined && (block.kind === 'BAND' || block.kind === 'DOSS') && count < MAX_NUMBERS) {
      const numbers = (text.match(/.{1,12}/g) ?? []).map((word) => toNumber(word.trim()))
      if (numbers.some((value) => value === null))
        notes.diagnose('OUTPUT_UNREADABLE', `numbers of the plot cannot be read: "${text.trim().slice(0, 80)}"`, {
          line: number,
          text,
        })
      count += numbers.length
      block.numbers.push(...numbers.map((value) => value ?? Number.NaN))
    }
  }

  return {
    feed: (text: string, firstLine: number) => eachLine(text.slice(0, text.lastIndexOf('\n') + 1), firstLine, line),
    end(): PlotReading {
      const none = { content: null, abscissa: [], values: [], fermi: null, diagnoses: notes.diagnoses }
      const used = blocks.filter(({ kind }) => kind === blocks[0]?.kind)
      if (used.some((block) => block.numbers.length !== block.rows * block.columns || block.numbers.some(Number.isNaN))) {
        notes.diagnose('OUTPUT_INCOMPLETE', 'a block of the plot is not complete', { line: null, text: file })
        return none
      }
      if (used.length === 0 || used.some(({ open }) => open)) return none
      const read = blocks[0]?.kind === 'BAND' ? bandsOf(used) : blocks[0]?.kind === 'DOSS' ? dosOf(used) : null
      return read === null ? none : { ...read, diagnoses: notes.diagnoses }
    },
  }
}

/** Segments of the path one after the other; each has its own step, and the first point of the first is its own. */
function bandsOf(blocks: readonly Block[]): Omit<PlotReading, 'diagnoses'> {
  const abscissa: number[] = []
  const values: number[][] = []
  let at = 0
  for (const { rows, columns, step, numbers } of blocks) {
    for (let k = 0; k < columns; k += 1) {
      if (abscissa.length > 0) at += step
      abscissa.push(at)
      values.push(numbers.slice(k * rows, (k + 1) * rows))
    }
  }
  const fermi = blocks[0]?.fermi ?? Number.NaN
  return { content: 'bands', abscissa, values: [values], fermi: Number.isNaN(fermi) ? null : fermi }
}

/** One block per projection, the total last; all on one mesh of energies. */
function dosOf(blocks: readonly Block[]): Omit<PlotReading, 'diagnoses'> | null {
  const [first] = blocks
  if (first === undefined || blocks.some(({ columns, step }) => columns !== first.columns || step !== first.step)) return null
  const abscissa = Array.from({ length: first.columns }, (_, i) => first.start + i * first.step)
  const values = abscissa.map((_, i) => blocks.map(({ numbers }) => numbers[i] ?? 0))
  return { content: 'dos', abscissa, values: [values], fermi: Number.isNaN(first.fermi) ? null : first.fermi }
}
