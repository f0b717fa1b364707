import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { freePort } from './free-port.ts'

describe('a free port', () => {
  it('is none that the kernel gives to whoever asks for any, and none that was given before', async () => {
    const range = await readFile('/proc/sys/net/ipv4/ip_local_port_range', 'utf8').catch(() => '32768 60999')
    const [first = 0] = range.trim().split(/\s+/).map(Number)
    const ports = await Promise.all(Array.from({ length: 50 }, freePort))
    expect(Math.max(...ports)).toBeLessThan(first)
    expect(new Set(ports).size).toBe(50)
  })
})
