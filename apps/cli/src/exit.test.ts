import { ProblemError, UnreachableError } from '@crystalmath/client'
import { PermanentError } from '@crystalmath/contract'
import { describe, expect, it } from 'vitest'
import { EXIT, NotSignedInError, report, UsageError } from './exit.ts'

const problem = (status: number) => new ProblemError({ type: 'about:blank', title: 'T', status, detail: 'D' }, 'r')

describe('the exit status', () => {
  it.each([
    [new UsageError('which project?'), EXIT.usage],
    [new UnreachableError('http://x', new Error('refused')), EXIT.unreachable],
    [new PermanentError('no such file'), EXIT.bad],
    [new NotSignedInError('no token for http://x'), EXIT.denied],
    [problem(401), EXIT.denied],
    [problem(403), EXIT.denied],
    [problem(404), EXIT.denied],
    [problem(409), EXIT.refused],
    [problem(422), EXIT.refused],
    [problem(429), EXIT.unreachable],
    [problem(503), EXIT.unreachable],
    [problem(500), EXIT.bad],
    [Object.assign(new Error('ENOENT: no such file'), { code: 'ENOENT', path: 'x', syscall: 'open' }), EXIT.usage],
  ])('of %s is %i, said without a stack', (error, status) => {
    const lines: string[] = []
    expect(report(error, (line) => lines.push(line))).toBe(status)
    expect(lines[0]).toBe(lines[0]?.split('\n')[0])
    expect(lines.join('\n')).not.toMatch(/\n\s+at /)
  })

  it('of a bug is its own, and has the stack', () => {
    const lines: string[] = []
    expect(report(new TypeError('x is not a function'), (line) => lines.push(line))).toBe(EXIT.bug)
    expect(lines.join('\n')).toMatch(/this is a bug: TypeError: x is not a function\n\s+at /)
  })

  it('goes with every row that was refused', () => {
    const errors = [{ row: 2, path: 'resources.nodes', value: '9', message: 'is too large', mend: 'at most 4' }]
    const lines: string[] = []
    report(new ProblemError({ type: 'about:blank', title: 'T', status: 422, errors }, null), (line) => lines.push(line))
    expect(lines).toEqual(['error: T', '  row 2, resources.nodes = 9: is too large; at most 4'])
  })
})
