// manifests.ts FROM TO: copies every package.json and the lock without what only development needs. npm's --omit=dev keeps the
// development packages of workspaces, since a workspace is itself no development package of the root.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

type Manifest = Readonly<Record<string, unknown>>

const [from = '.', to = 'manifests'] = process.argv.slice(2)

const read = (file: string) => JSON.parse(readFileSync(join(from, file), 'utf8')) as Manifest
const write = (file: string, value: Manifest) => {
  mkdirSync(dirname(join(to, file)), { recursive: true })
  writeFileSync(join(to, file), JSON.stringify(value))
}
const withoutDevelopment = ({ devDependencies: _, ...rest }: Manifest): Manifest => rest

for (const file of readdirSync(from, { recursive: true, encoding: 'utf8' })) {
  const isManifest = file === 'package.json' || file.endsWith('/package.json')
  if (isManifest && !file.includes('node_modules')) write(file, withoutDevelopment(read(file)))
}
const lock = read('package-lock.json')
const packages = Object.entries(lock['packages'] as Readonly<Record<string, Manifest>>).map(([path, entry]) => [
  path,
  path.includes('node_modules/') ? entry : withoutDevelopment(entry),
])
write('package-lock.json', { ...lock, packages: Object.fromEntries(packages) })
