import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

/** A way to a site that is long and loses packets: real TCP over a network device of its own, which needs root and /dev/net/tun. */
export type LongWay = { readonly host: string; readonly port: number; close(): Promise<void> }

export type LongWayOptions = {
  /** Of the site's sshd on 127.0.0.1. */
  readonly port: number
  /** Each way. */
  readonly delayMs: number
  readonly lossPercent: number
  readonly seed?: number
}

/** One private network of four addresses for each process. */
export async function openLongWay({ port, delayMs, lossPercent, seed = 1 }: LongWayOptions): Promise<LongWay> {
  const net = `${64 + (process.pid % 64)}.${Math.floor(process.pid / 64) % 256}`
  const relayPort = 2222
  const script = new URL('./long-way.py', import.meta.url).pathname
  const args = [script, `cm${process.pid}`, net, relayPort, port, delayMs, lossPercent, seed].map(String)
  const child = spawn('python3', args, { stdio: ['pipe', 'pipe', 'pipe'] })
  let said = ''
  child.stderr.on('data', (text: Buffer) => {
    said = (said + text.toString('utf8')).slice(-2_000)
  })
  const over = new Promise<void>((resolve) => child.once('close', () => resolve()))
  const host = await new Promise<string>((resolve, reject) => {
    child.once('error', reject)
    void over.then(() => reject(new Error(`no long way could be made: ${said.trim()}`)))
    createInterface(child.stdout).once('line', (line) => resolve(line.split(' ')[1] ?? ''))
  })
  return {
    host,
    port: relayPort,
    close: async () => {
      child.stdin.end()
      await over
    },
  }
}
