import { createWriteStream, globSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { finished } from 'node:stream/promises'
import { gunzipSync } from 'node:zlib'

export const CHECKOUT = resolve(import.meta.dirname, '../../..')
const CORPUS = resolve(CHECKOUT, '../shared/corpus')

/** One file that several readers read. */
export type Case = { readonly name: string; readonly path: string; readonly peers: readonly string[]; readonly full: boolean }

const WANTED: readonly (readonly [name: string, glob: string, peers: readonly string[], full: boolean])[] = [
  ['vasprun.xml, metal', 'vasp/quacc-perf-45mb-metallic/vasprun.xml.gz', ['pymatgen', 'ASE'], false],
  ['the same, with DOS and eigenvalues', 'vasp/quacc-perf-45mb-metallic/vasprun.xml.gz', ['pymatgen full'], true],
  ['vasprun.xml, 34 steps', 'vasp/perf-cdte-defect-34-ionic-steps-39mb/vasprun.xml.gz', ['pymatgen', 'ASE'], false],
  ['vasprun.xml, 346 steps', 'vasp/perf-346-ionic-steps/vasprun.xml.relax1.gz', ['pymatgen', 'ASE'], false],
  ['the same, structures and forces of all steps', 'vasp/perf-346-ionic-steps/vasprun.xml.relax1.gz', ['ASE, all steps'], true],
  ['OUTCAR', 'vasp/outcar-spin-mno2-5.2/OUTCAR.gz', ['pymatgen Outcar', 'ASE'], false],
  ['the same, structures and forces of all steps', 'vasp/outcar-spin-mno2-5.2/OUTCAR.gz', ['ASE, all steps'], true],
  ['ORCA, optimisation', 'orca/orca5.0-dvb-gopt/dvb_gopt.out', ['cclib', 'ASE'], false],
  ['Quantum ESPRESSO, dynamics', 'qe/pwtools-md-gz/pw.md.out.gz', ['aiida', 'ASE'], false],
]

/** The corpus's cases, unpacked into a folder, since not every peer reads gz; none where the corpus is not there. */
export function corpusCases(folder: string): readonly Case[] {
  return WANTED.flatMap(([name, glob, peers, full]) => {
    const [from] = globSync(join(CORPUS, glob))
    return from === undefined ? [] : [{ name, path: unpacked(from, folder), peers, full }]
  })
}

function unpacked(from: string, folder: string): string {
  if (!from.endsWith('.gz')) return from
  const to = join(folder, `${basename(resolve(from, '..'))}-${basename(from, '.gz')}`)
  writeFileSync(to, gunzipSync(readFileSync(from)))
  return to
}

/** Every file of the corpus, for files per second. */
export const corpusFiles = (): readonly string[] =>
  globSync(join(CORPUS, '*/*/*')).filter((path) => statSync(path).isFile() && !path.endsWith('case.json'))

/** A real OUTCAR that others are made of. */
export const FIXTURE = join(CHECKOUT, 'libs/codes/src/vasp/read/__fixtures__/relax/OUTCAR')
/** What a real OUTCAR has most of: rows of a table per k point and band, here made up. */
const LEVELS = Array.from(
  { length: 400 },
  (_, i) => `${String(i + 1).padStart(7)}   ${(i / 40 - 5).toFixed(4).padStart(9)}     ${i < 200 ? '2.00000' : '0.00000'}\n`,
).join('')

/** An OUTCAR of at least so many bytes: the first ionic step of our fixture again and again, renumbered, with eigenvalues between. */
export async function makeOutcar(path: string, bytes: number): Promise<void> {
  const text = readFileSync(FIXTURE, 'latin1')
  const starts = [...text.matchAll(/^.*Iteration +(\d+)\( *1\).*$/gm)].map(({ index }) => index)
  const [first = 0, second = text.length] = starts
  const last = starts.at(-1) ?? first
  const out = createWriteStream(path)
  out.write(text.slice(0, first))
  const step = text.slice(first, second)
  let written = 0
  let number = 0
  while (written < bytes) {
    let batch = ''
    while (batch.length < 1 << 22) {
      number += 1
      batch += `${step.replace(/Iteration +\d+\(/g, `Iteration ${String(number).padStart(6)}(`)} k-point     1 :       0.0000    0.0000    0.0000\n  band No.  band energies     occupation \n${LEVELS}\n`
    }
    written += batch.length
    if (!out.write(batch, 'latin1')) await new Promise<void>((resolve) => out.once('drain', () => resolve()))
  }
  out.end(text.slice(last).replace(/Iteration +\d+\(/g, `Iteration ${String(number + 1).padStart(6)}(`))
  await finished(out)
}
