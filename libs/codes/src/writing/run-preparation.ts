import { spawnSync } from 'node:child_process'
import { copyFileSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Preparation } from '@crystalmath/contract'
import type { Artefacts } from '../code-writes.ts'

/** Carries a preparation out in a folder, as a cluster would: for tests. Answers the exit code of the last run and what it printed. */
export function runPreparation(
  folder: string,
  preparation: Preparation,
  ranks = 1,
): { readonly exitCode: number | null; readonly output: string } {
  for (const { path, text } of preparation.files) put(join(folder, path), text)
  for (const { from, to } of preparation.clusterFiles) {
    mkdirSync(dirname(join(folder, to)), { recursive: true })
    copyFileSync(from, join(folder, to))
  }
  let last = { exitCode: 0 as number | null, output: '' }
  for (const { program, args, stdin, stdout, parallel } of preparation.steps) {
    const isParallel = parallel && ranks > 1
    const command = isParallel ? 'mpirun' : program
    const words = isParallel ? ['-np', String(ranks), '--oversubscribe', program, ...args] : [...args]
    const input = stdin === null ? '' : readFileSync(join(folder, stdin), 'utf8')
    const run = spawnSync(command, words, {
      cwd: folder,
      encoding: 'utf8',
      input,
      timeout: 100_000,
      env: { ...process.env, ...MPI },
    })
    writeFileSync(join(folder, stdout), run.stdout)
    last = { exitCode: run.status, output: run.stdout + run.stderr }
    if (run.status !== 0) return last
  }
  return last
}

const MPI = {
  OMP_NUM_THREADS: '1',
  OMPI_MCA_mpi_yield_when_idle: '1',
  OMPI_ALLOW_RUN_AS_ROOT: '1',
  OMPI_ALLOW_RUN_AS_ROOT_CONFIRM: '1',
}

function put(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
}

/** The files below a folder, as artefacts name them: for tests. */
export const filesBelow = (folder: string): Artefacts['files'] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ({ path: path.slice(folder.length + 1), size: statSync(path).size }))
