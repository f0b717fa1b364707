import { spawn } from 'node:child_process'
import { config } from './config.ts'

/** What a tool said and how it ended; `exitCode` 127 where it is not there. */
export type ToolResult = { readonly exitCode: number; readonly output: string }

/** Runs a tool to its end and keeps what it prints, both streams in one. */
export function runTool(
  argv: readonly string[],
  options: { readonly env?: Readonly<Record<string, string>> } = {},
): Promise<ToolResult> {
  const [program = '', ...rest] = argv
  return new Promise((resolve) => {
    const child = spawn(program, rest, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...config.environment(), ...options.env } })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text
      })
    }
    child.once('error', (error) => resolve({ exitCode: 127, output: error.message }))
    child.once('close', (exitCode) => resolve({ exitCode: exitCode ?? 1, output }))
  })
}

/** The last lines, for a message. */
export const lastLines = ({ output }: ToolResult): string => output.trimEnd().split('\n').slice(-3).join('; ')
