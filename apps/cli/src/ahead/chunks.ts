import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { constants, Script } from 'node:vm'

/** What a chunk gives to others. */
type Exports = Record<string, unknown>
type Body = (exports: Exports, require: (name: string) => unknown, filename: string, dirname: string) => void

/** A program in CommonJS chunks, with what V8 made of each beside it: functions that a run calls need not be compiled again. */
export type Chunks = {
  load(name: string): Exports
  /** Keeps V8's code of all that ran so far; Node's own compile cache keeps what is compiled before anything ran, which is hardly a function. */
  keepCode(): void
}

/** Modules of Node that take milliseconds to load and that most runs never ask for anything. None of them is a function itself. */
const LATE: ReadonlySet<string> = new Set([
  'node:child_process',
  'node:crypto',
  'node:fs/promises',
  'node:os',
  'node:stream',
  'node:zlib',
])

/** A stand-in that loads its module when something is asked of it. It shows no keys, or to import it would load it. */
const late = (name: string): unknown =>
  new Proxy({}, { get: (_, key) => Reflect.get(process.getBuiltinModule(name) ?? {}, key) as unknown, ownKeys: () => [] })

export function openChunks(folder: string, require: (name: string) => unknown): Chunks {
  const loaded = new Map<string, { readonly exports: Exports; readonly script: Script }>()
  const load = (name: string): Exports => {
    const had = loaded.get(name)
    if (had !== undefined) return had.exports
    const path = join(folder, name)
    const script = new Script(`(function (exports, require, __filename, __dirname) {${readFileSync(path, 'utf8')}\n})`, {
      filename: path,
      cachedData: codeOf(path),
      importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
    })
    const exports: Exports = {}
    loaded.set(name, { exports, script })
    const body = script.runInThisContext() as Body
    body(exports, requireFrom, path, folder)
    return exports
  }
  const requireFrom = (name: string): unknown => {
    if (name.startsWith('./')) return load(name.slice(2))
    return LATE.has(name) ? late(name) : require(name)
  }
  return {
    load,
    keepCode() {
      for (const [name, { script }] of loaded) writeFileSync(codePath(join(folder, name)), script.createCachedData())
    },
  }
}

const codePath = (chunk: string): string => `${chunk}.code`

/** V8 refuses the code of another version of itself; without any it compiles as ever. */
function codeOf(chunk: string): Buffer | undefined {
  try {
    return readFileSync(codePath(chunk))
  } catch {
    return undefined
  }
}
