import { readFileSync } from 'node:fs'
import { FIXTURE } from '../parse/files.ts'

/** Of one k point. */
const BANDS = 400

/** An OUTCAR of so many ionic steps, of some 17 kB each, whose eigenvalues are those of no other seed: compressed it is a third as large, as real ones are. */
export function outcarOf(steps: number, seed: number): Buffer {
  const text = readFileSync(FIXTURE, 'latin1')
  const starts = [...text.matchAll(/^.*Iteration +(\d+)\( *1\).*$/gm)].map(({ index }) => index)
  const [first = 0, second = text.length] = starts
  const last = starts.at(-1) ?? first
  const random = randomOf(seed)
  const numbered = (step: string, number: number) => step.replace(/Iteration +\d+\(/g, `Iteration ${String(number).padStart(6)}(`)
  const levels = () =>
    Array.from({ length: BANDS }, (_, i) => {
      const energy = (i / 40 - 5 + random() / 40).toFixed(4).padStart(9)
      return `${String(i + 1).padStart(7)}   ${energy}     ${i < BANDS / 2 ? '2.00000' : '0.00000'}\n`
    }).join('')
  const made = Array.from(
    { length: steps },
    (_, i) =>
      `${numbered(text.slice(first, second), i + 1)} k-point     1 :       0.0000    0.0000    0.0000\n  band No.  band energies     occupation \n${levels()}\n`,
  )
  return Buffer.from([text.slice(0, first), ...made, numbered(text.slice(last), steps + 1)].join(''), 'latin1')
}

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
function randomOf(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
