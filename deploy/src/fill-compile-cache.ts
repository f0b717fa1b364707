// Runs once while the image is built: loads what the services and the command line are made of, so that V8's code of it is kept.
import { existsSync, readdirSync } from 'node:fs'
import { flushCompileCache } from 'node:module'

const at = (path: string) => new URL(`../../${path}`, import.meta.url)
const services = readdirSync(at('services')).map((name) => `services/${name}/src/main.ts`)
const commands = readdirSync(at('apps/cli/src/commands')).map((name) => `apps/cli/src/commands/${name}`)

// the last: it reads the words of this process, and ends it with its usage
for (const file of [
  ...services,
  'services/parser/src/worker.ts',
  'libs/client/src/index.ts',
  ...commands,
  'apps/cli/src/main.ts',
]) {
  // without a configuration no service starts; what it imports is compiled by then
  if (existsSync(at(file))) await import(at(file).href).catch(() => undefined)
  flushCompileCache()
}
process.exit(0)
