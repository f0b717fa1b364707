import type { ReadOptions } from '../../code-reads.ts'
import { lineScanner, notesOf } from '../../reading/sections.ts'
import { cellRules, headRules } from './cell-rules.ts'
import type { Context, PhononReading } from './context.ts'
import { closeMode, closeRow, phononRules, thermalRules } from './phonon-rules.ts'

/** Reads the YAML files of phonopy 1 to 2: phonopy, phonopy_disp, phonopy_params, band, mesh, qpoints, thermal_properties. */
export function document(file: string, { full }: ReadOptions) {
  const notes = notesOf(file)
  const reading: PhononReading = {
    version: null,
    calculator: null,
    lengthUnit: null,
    conversionFactor: null,
    cells: new Map(),
    matrices: new Map(),
    born: [],
    displacementCount: 0,
    forceSets: 0,
    mesh: null,
    pointCount: null,
    atomCount: null,
    modes: [],
    seenPoints: 0,
    lowest: null,
    highest: null,
    broken: false,
    labels: [],
    zeroPoint: null,
    thermal: [],
    units: new Map(),
    whole: true,
    diagnoses: notes.diagnoses,
  }
  const context: Context = { reading, notes, full, cell: '', mode: null, modeCount: 0, row: null, inPhonopy: false }
  const scan = lineScanner([...headRules(context), ...cellRules(context), ...phononRules(context), ...thermalRules(context)])
  let line = 1
  return {
    feed(block: string, firstLine: number) {
      line = firstLine
      scan.feed(block, firstLine)
    },
    end(): PhononReading {
      closeMode(context)
      closeRow(context)
      reading.whole = scan.tail().trim() === ''
      if (!reading.whole) forgetOpen(context)
      else if (isOpen(context)) reading.cells.clear() // a cell before it would pass for the one that is asked for
      if (incomplete(reading)) {
        notes.diagnose('OUTPUT_INCOMPLETE', 'the file ends before its list does', { line, text: scan.tail() || file })
      }
      return reading
    },
  }
}

/** What was being read where the file was torn: its count or its atoms are not all there. */
function forgetOpen({ reading, cell }: Context): void {
  reading.cells.delete(cell)
  reading.displacementCount = 0
  reading.forceSets = 0
  reading.born.length = 0
}

/** Whether atoms of the cell that was read last may be missing: those that count are never the last thing in a file. */
function isOpen({ reading, cell }: Context): boolean {
  const atoms = reading.cells.get(cell)?.symbols.length ?? 0
  if (reading.atomCount !== null) return atoms !== reading.atomCount && cell === ''
  return cell === 'unit_cell' || cell === 'primitive_cell' || (cell === '' && reading.seenPoints === 0)
}

/** A list of q points, or a last line, that is cut off. */
export const incomplete = ({ whole, pointCount, seenPoints }: PhononReading): boolean =>
  !whole || (pointCount !== null && seenPoints !== pointCount)
