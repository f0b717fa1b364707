import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parsePath } from '@crystalmath/files'
import { outcarOf } from './outputs.ts'

// plain.ts STEPS WARM COUNT SEED: so many readings a second of the same kind of outputs by this process alone, without any server; as a number.
const [steps = 1, warm = 0, count = 1, seed = 0] = process.argv.slice(2).map(Number)
/** Different ones, so that no two after each other are the same. */
const FILES = 4

const folder = await mkdtemp(join(tmpdir(), 'crystalmath-plain-'))
try {
  const paths = Array.from({ length: FILES }, (_, i) => join(folder, `OUTCAR.${i}`))
  for (const [i, path] of paths.entries()) await writeFile(path, outcarOf(steps, seed + i))
  const read = async (times: number) => {
    for (let i = 0; i < times; i += 1) await parsePath(paths[i % FILES] ?? '', { code: 'vasp', full: true })
  }
  await read(warm)
  const began = performance.now()
  await read(count)
  process.stdout.write(`${(1_000 * count) / (performance.now() - began)}\n`)
  await read(warm) // whoever is beside it is measured to his end beside somebody
} finally {
  await rm(folder, { recursive: true, force: true })
}
