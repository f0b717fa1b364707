import { spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { PermanentError } from '@crystalmath/contract'
import { READY_TIMEOUT_MS, STOP_TIMEOUT_MS } from './config.ts'
import { freePort, isFree } from './free-port.ts'
import { stopProcess } from './process.ts'
import type { LocalServer, ServerOptions } from './server.ts'
import { stopLeftOver } from './stop-left-over.ts'

/** A program to run as a server, and how to tell that it is ready. */
export type Recipe = {
  readonly name: string
  readonly binary: string
  /** Its words; `dir` must be among them, so that a left-over can be recognized. */
  argv(port: number): readonly string[]
  /** Throws while the server is not ready. */
  ready(port: number): Promise<void>
  url(port: number): string
}

/** Starts a server in its folder and awaits that it is ready. A left-over of a killed parent is stopped first. */
export async function startServer(recipe: Recipe, options: ServerOptions): Promise<LocalServer> {
  const { dir } = options
  const pidFile = join(dir, `${recipe.name}.pid`)
  const logFile = join(dir, `${recipe.name}.log`)
  await mkdir(dir, { recursive: true })
  await stopLeftOver(dir)
  const port = await choosePort(recipe.name, dir, options.port)

  const log = openSync(logFile, 'a')
  // detached: a Ctrl-C in the terminal reaches the parent alone, which stops its servers in the right order
  const child = spawn(recipe.binary, recipe.argv(port), { cwd: dir, stdio: ['ignore', log, log], detached: true })
  closeSync(log)
  const ended = new Promise<Awaited<LocalServer['ended']>>((resolve) => {
    child.once('exit', (exitCode, signal) => resolve({ exitCode, signal }))
    child.once('error', () => resolve({ exitCode: 127, signal: null }))
  })
  const { pid } = child
  if (pid === undefined) throw new PermanentError(`${recipe.name}: "${recipe.binary}" cannot be run`)
  await writeFile(pidFile, `${pid}\n`)

  const stop = async () => {
    await stopProcess(pid, STOP_TIMEOUT_MS)
    await ended
    await rm(pidFile, { force: true })
  }
  try {
    await untilReady(recipe, port, ended)
  } catch (error) {
    await stop()
    const tail = (await readFile(logFile, 'utf8').catch(() => '')).trimEnd().split('\n').slice(-5).join('\n')
    throw new PermanentError(`${recipe.name} did not start on port ${port}; the end of ${logFile}:\n${tail}`, { cause: error })
  }
  await writeFile(join(dir, 'port'), `${port}\n`)
  return { url: recipe.url(port), port, pid, logFile, ended, stop }
}

/** The port that was asked for, else the one of the last time, else any. */
async function choosePort(name: string, dir: string, asked: number | undefined): Promise<number> {
  if (asked !== undefined) {
    if (await isFree(asked)) return asked
    throw new PermanentError(`${name}: port ${asked} of 127.0.0.1 is taken; name another or none`)
  }
  const last = Number(await readFile(join(dir, 'port'), 'utf8').catch(() => ''))
  return last > 0 && (await isFree(last)) ? last : freePort()
}

async function untilReady(recipe: Recipe, port: number, ended: LocalServer['ended']): Promise<void> {
  const deadline = performance.now() + READY_TIMEOUT_MS
  let over: Awaited<LocalServer['ended']> | undefined
  void ended.then((end) => {
    over = end
  })
  for (;;) {
    try {
      return await recipe.ready(port)
    } catch (error) {
      if (over) throw new Error(`it ended with ${over.signal ?? `exit status ${over.exitCode}`}`, { cause: error })
      if (performance.now() > deadline) throw error
      await delay(30)
    }
  }
}
