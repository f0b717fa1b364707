import type { InputProblem, Structure, StructureSource } from '@crystalmath/contract'
import { readCif } from './cif/read.ts'
import { type ParsedStructure, StructureProblem } from './outcome.ts'
import { readPoscar } from './poscar/read.ts'
import { type StructureLimits, validateStructure } from './validate.ts'
import { readXyz } from './xyz/read.ts'

type Reader = (text: string) => { readonly structure: Structure; readonly warnings: readonly string[] }

const READERS: Readonly<Record<'poscar' | 'cif' | 'extxyz' | 'xyz', Reader>> = {
  poscar: readPoscar,
  cif: readCif,
  extxyz: readXyz,
  xyz: readXyz,
}

const refused = (problems: readonly InputProblem[]): ParsedStructure => ({ ok: false, problems })

/** Reads and checks a structure: whatever is wrong comes back with line, value and mend, and nothing is thrown for it. */
export function parseStructure(source: StructureSource, limits: StructureLimits = {}): ParsedStructure {
  const isText = 'format' in source
  try {
    const { structure, warnings } = isText ? READERS[source.format](source.text) : { structure: source, warnings: [] }
    const validation = validateStructure(structure, limits)
    if (validation.problems.length > 0) return refused(validation.problems)
    return { ok: true, structure, warnings: [...warnings, ...validation.warnings] }
  } catch (error) {
    if (error instanceof StructureProblem) return refused([error.problem])
    throw error
  }
}
