import type { Dos, Reader } from '@crystalmath/contract'
import { eachLine } from '../../reading/hits.ts'
import { decodeNumbers } from './decimals.ts'
import { wholeLines } from './tail.ts'

export type DoscarReading = {
  readonly atomCount: number | null
  readonly fermiEnergyEv: number | null
  /** The total density of states; null where torn. */
  readonly dos: Dos | null
}

const words = new Float64Array(16)

/** Reads the total density of states of DOSCAR; the blocks per ion stay unread (vasprun.xml names their orbitals). */
export function doscar(_file: string, { full }: { readonly full: boolean }): Reader<DoscarReading> {
  let atoms: number | null = null
  let points = 0
  let fermi: number | null = null
  const energies: number[] = []
  const columns: number[][] = [[], [], [], []]
  let spins = 1

  const head = (line: string, number: number): void => {
    const count = decodeNumbers(line, 0, line.length, words)
    if (number === 1) atoms = count > 0 ? (words[0] ?? null) : null
    else if (number === 6 && count >= 4) {
      points = words[2] ?? 0
      fermi = Number.isNaN(words[3]) ? null : (words[3] ?? null)
    }
  }

  const row = (line: string): void => {
    const count = decodeNumbers(line, 0, line.length, words)
    if (count !== 3 && count !== 5) return
    spins = count === 5 ? 2 : 1
    energies.push(words[0] ?? Number.NaN)
    for (let i = 1; i < count; i += 1) columns[i - 1]?.push(words[i] ?? Number.NaN)
  }

  return {
    feed: (block, firstLine) =>
      eachLine(wholeLines(block), firstLine, (line, number) => {
        if (number <= 6) head(line, number)
        else if (full && energies.length < points) row(line)
      }),
    end() {
      const whole =
        energies.length > 0 && energies.length === points && ![energies, ...columns].some((column) => column.some(Number.isNaN))
      const [densities, integrated] = [columns.slice(0, spins), columns.slice(spins, 2 * spins)]
      return {
        atomCount: atoms,
        fermiEnergyEv: fermi,
        dos: whole ? { energiesEv: energies, densities, integrated, fermiEnergyEv: fermi } : null,
      }
    },
  }
}
