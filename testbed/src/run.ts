import { spawn } from 'node:child_process'
import { open } from 'node:fs/promises'
import { setTimeout as delay } from 'node:timers/promises'
import { environment } from './config.ts'

/** How a command ended and what it said. */
export type Result = { readonly exitCode: number; readonly stdout: string; readonly stderr: string }

export type RunOptions = {
  readonly env?: Readonly<Record<string, string>>
  readonly stdin?: string
}

/** Runs a command to its end, whatever that is. */
export function tryRun(argv: readonly string[], options: RunOptions = {}): Promise<Result> {
  const [program = '', ...rest] = argv
  return new Promise((resolve, reject) => {
    const child = spawn(program, rest, { stdio: ['pipe', 'pipe', 'pipe'], cwd: '/', env: { ...environment(), ...options.env } })
    let stdout = ''
    let stderr = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text
    })
    child.once('error', (cause) => reject(new Error(`"${program}" cannot be run`, { cause })))
    child.once('close', (code) => resolve({ exitCode: code ?? 1, stdout, stderr }))
    // a command that ends before it has read its input is judged by its exit code
    child.stdin.on('error', () => {}).end(options.stdin ?? '')
  })
}

/** Runs a command that must succeed; the error shows what it said. */
export async function run(argv: readonly string[], options: RunOptions = {}): Promise<string> {
  const { exitCode, stdout, stderr } = await tryRun(argv, options)
  if (exitCode !== 0) throw new Error(`"${argv.join(' ')}" ended with ${exitCode}: ${(stderr || stdout).trim().slice(-2_000)}`)
  return stdout
}

/** Starts a daemon that goes to the background by itself; what it says before lies in `logFile`. */
export async function startDaemon(argv: readonly string[], logFile: string, options: RunOptions = {}): Promise<void> {
  const log = await open(logFile, 'a')
  try {
    await new Promise<void>((resolve, reject) => {
      const [program = '', ...rest] = argv
      // files, not pipes: the daemon keeps them open, and a pipe's end would never come
      const child = spawn(program, rest, {
        stdio: ['ignore', log.fd, log.fd],
        cwd: '/',
        env: { ...environment(), ...options.env },
      })
      child.once('error', (cause) => reject(new Error(`"${program}" cannot be run`, { cause })))
      child.once('exit', (code) =>
        code === 0 ? resolve() : reject(new Error(`"${argv.join(' ')}" ended with ${code}; see ${logFile}`)),
      )
    })
  } finally {
    await log.close()
  }
}

/** Repeats until it is true; what it throws counts as "not yet". Fails with `what` after 30 s. */
export async function until(what: string, check: () => Promise<boolean>, timeoutMs = 30_000): Promise<void> {
  const deadline = performance.now() + timeoutMs
  let last: unknown
  for (;;) {
    try {
      if (await check()) return
    } catch (error) {
      last = error
    }
    if (performance.now() > deadline) throw new Error(`waited ${timeoutMs / 1000} s in vain until ${what}`, { cause: last })
    await delay(30)
  }
}
