import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { CHECKOUT } from './files.ts'

const VENV = join(CHECKOUT, 'node_modules/.cache/parse-peers')
const PYTHON = join(VENV, 'bin/python')
const PACKAGES = [['pymatgen', 'ase', 'cclib'], ['aiida-quantumespresso']] as const

/** The Python that has the peers, in an environment of its own, made at the first run; null, with a word, where that does not work. */
export function preparePeers(say: (line: string) => void): string | null {
  if (existsSync(PYTHON) && spawnSync(PYTHON, ['-c', 'import pymatgen, ase, cclib']).status === 0) return PYTHON
  say('installing pymatgen, ASE, cclib and aiida-quantumespresso beside Python …')
  if (spawnSync('python3', ['-m', 'venv', VENV]).status !== 0) {
    say('no Python with venv here: the peers are left out')
    return null
  }
  for (const packages of PACKAGES) {
    const { status, stderr } = spawnSync(PYTHON, ['-m', 'pip', 'install', '-q', ...packages], { encoding: 'utf8' })
    if (status !== 0) say(`${packages.join(', ')}: pip fails: ${stderr.trim().split('\n').at(-1) ?? ''}`)
  }
  return PYTHON
}

const said = (stdout: string): Omit<Measured, 'processSeconds'> => JSON.parse(stdout.trim().split('\n').at(-1) ?? '{}')

export type Measured = {
  readonly seconds: number
  readonly energy: number | null
  readonly rssMebibytes: number
  readonly processSeconds: number
}

/** What one peer needs for one file: CPU seconds of the best of `repeat`, and wall seconds and memory of a process that reads it once. Null, with its last word, where it fails. */
export function measurePeer(
  python: string,
  { peer, path, repeat }: { readonly peer: string; readonly path: string; readonly repeat: number },
  say: (line: string) => void,
): Measured | null {
  const run = (count: number) =>
    spawnSync(python, ['-W', 'ignore', join(import.meta.dirname, 'peers.py'), peer, path, String(count)], { encoding: 'utf8' })
  const best = run(repeat)
  if (best.status !== 0) {
    say(`  ${peer} fails on ${path.split('/').at(-1)}: ${best.stderr.trim().split('\n').at(-1)?.slice(0, 160) ?? ''}`)
    return null
  }
  const processes = [0, 1, 2].map(() => {
    const began = performance.now()
    const { stdout } = run(1)
    return { ...said(stdout), processSeconds: (performance.now() - began) / 1_000 }
  })
  const { rssMebibytes, processSeconds } = processes.reduce((a, b) => (a.processSeconds < b.processSeconds ? a : b))
  return { ...said(best.stdout), rssMebibytes, processSeconds }
}
