import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { JobId, ProjectId, tokenOf } from '@crystalmath/contract'
import type { Place } from './site.ts'

/** A login node in a temporary folder, for tests: remote scripts run for real in the strictest shell that is there, with scripted
 * scheduler commands on the PATH. */
export type LoginNode = {
  readonly root: string
  /** Puts a command on the PATH. */
  command(name: string, script: string): Promise<void>
  write(path: string, text: string): Promise<void>
  read(path: string): Promise<string>
  has(path: string): boolean
  run(script: string, args?: readonly (string | number)[]): Promise<ShellAnswer>
  start(script: string, env?: Readonly<Record<string, string>>): Running
  remove(): Promise<void>
}

export type ShellAnswer = { readonly stdout: string; readonly stderr: string; readonly exitCode: number | null }
export type Running = {
  readonly pid: number
  signal(name: NodeJS.Signals): void
  signalAll(name: NodeJS.Signals): void
  readonly over: Promise<ShellAnswer>
}

const SHELL = ['/bin/dash', '/usr/bin/dash'].find(existsSync) ?? '/bin/sh'

export async function loginNode(): Promise<LoginNode> {
  const home = await mkdtemp(join(tmpdir(), 'login-node-'))
  const root = join(home, 'root')
  const bin = join(home, 'bin')
  await mkdir(root)
  await mkdir(bin)
  const at = (path: string) => join(root, path)
  const start = (script: string, args: readonly (string | number)[], env: Readonly<Record<string, string>>): Running => {
    const child = spawn(SHELL, ['-c', script, 'sh', ...args.map(String)], {
      cwd: home,
      env: { PATH: `${bin}:/usr/local/bin:/usr/bin:/bin`, LC_ALL: 'C', HOME: home, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true, // a process group of its own, as a batch system's jobs have
    })
    let stdout = ''
    let stderr = ''
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
    const over = new Promise<ShellAnswer>((resolve) => {
      child.once('close', (exitCode) => resolve({ stdout, stderr, exitCode }))
    })
    return {
      pid: child.pid ?? 0,
      signal: (name) => void child.kill(name),
      signalAll: (name) => void process.kill(-(child.pid ?? 0), name),
      over,
    }
  }
  return {
    root,
    async command(name, script) {
      await writeFile(join(bin, name), `#!/bin/sh\n${script}\n`)
      await chmod(join(bin, name), 0o755)
    },
    async write(path, text) {
      await mkdir(dirname(at(path)), { recursive: true })
      await writeFile(at(path), text)
    },
    read: (path) => readFile(at(path), 'utf8'),
    has: (path) => existsSync(at(path)),
    run: (script, args = []) => start(script, args, {}).over,
    start: (script, env = {}) => start(script, [], env),
    remove: () => rm(home, { recursive: true, force: true }),
  }
}

/** The place of the n-th attempt of a job of tests. */
export function placeOf(digit: string, attempt = 1): Place {
  const jobId = JobId.parse(`${digit.repeat(8)}-0000-4000-8000-000000000000`)
  return { project: ProjectId.parse('demo'), jobId, attempt, token: tokenOf(jobId, attempt) }
}

/** Waits for a condition, and says what was awaited where it does not come. */
export async function until(what: string, check: () => boolean | Promise<boolean>, timeoutMs = 10_000): Promise<void> {
  const last = Date.now() + timeoutMs
  while (!(await check())) {
    if (Date.now() > last) throw new Error(`waited ${timeoutMs} ms for ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
