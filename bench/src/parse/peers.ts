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

export type Measured = {
  readonly seconds: number
  readonly energy: number | null
  readonly rssMebibytes: number
}

/** A peer's reading of one file. */
export type PeerRun = { readonly python: string; readonly peer: string; readonly path: string }

/** CPU seconds of the best of so many readings in one process, and its memory. Null, with its last word, where it fails. */
export function runPeer({ python, peer, path }: PeerRun, repeat: number, say: (line: string) => void): Measured | null {
  const words = ['-W', 'ignore', join(import.meta.dirname, 'peers.py'), peer, path, String(repeat)]
  const { status, stdout, stderr } = spawnSync(python, words, { encoding: 'utf8' })
  if (status === 0) return JSON.parse(stdout.trim().split('\n').at(-1) ?? '{}') as Measured
  say(`  ${peer} fails on ${path.split('/').at(-1)}: ${stderr.trim().split('\n').at(-1)?.slice(0, 160) ?? ''}`)
  return null
}
