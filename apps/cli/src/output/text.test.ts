import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const MAIN = join(import.meta.dirname, '../main.ts')
const OUTPUT = join(import.meta.dirname, '../../../../libs/codes/src/vasp/read/__fixtures__/relax/OUTCAR')

/** `parse` of one output, a thousand times, behind a shell's words. */
const behind = (words: string) =>
  spawnSync(
    'bash',
    ['-o', 'pipefail', '-c', `"$0" "$1" parse --json $(yes "$2" | head -n 1000) ${words}`, process.execPath, MAIN, OUTPUT],
    {
      encoding: 'utf8',
    },
  )

const SLOW_READER = `
import os, subprocess, sys, time
node, main, output = sys.argv[1:]
read, write = os.pipe()
os.set_blocking(write, False)
program = subprocess.Popen([node, main, 'parse', '--json'] + [output] * 1000, stdout=write)
os.close(write)
lines = 0
while chunk := os.read(read, 65536):
    lines += chunk.count(10)
    time.sleep(0.001)
print(f'{lines} lines, status {program.wait()}')
`

describe('standard output', () => {
  it('may be closed by a reader that has seen enough', () => {
    expect(behind('| head -n 1 | wc -l')).toMatchObject({ status: 0, stdout: '1\n', stderr: '' })
  })

  it('that takes no more is named', () => {
    expect(behind('> /dev/full')).toMatchObject({ status: 2, stderr: 'error: standard output: the disk is full\n' })
  })

  it('comes whole through a pipe that does not wait, to a reader that is slow', () => {
    const { status, stdout, stderr } = spawnSync('python3', ['-c', SLOW_READER, process.execPath, MAIN, OUTPUT], {
      encoding: 'utf8',
    })
    expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '1000 lines, status 0\n', stderr: '' })
  })
})
