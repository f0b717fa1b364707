import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { stripTypeScriptTypes } from 'node:module'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** A file as the browser gets it. */
export type DashboardFile = { readonly content: Buffer; readonly type: string; readonly etag: string }

const BROWSER = join(import.meta.dirname, 'browser')
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.ts': 'text/javascript; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
}
/** Libraries, each as its package ships it for browsers. */
const LIBRARIES: Readonly<Record<string, string>> = {
  'libraries/3Dmol.js': '3dmol/build/3Dmol-min.js',
  'libraries/uPlot.js': 'uplot/dist/uPlot.esm.js',
  'libraries/uPlot.css': 'uplot/dist/uPlot.min.css',
}

let names: Promise<ReadonlySet<string>> | undefined
const files = new Map<string, Promise<DashboardFile>>()

/** One file of the dashboard by its path (`index.html`, `pages/job.ts`), read at its first use; null: there is none of that name. */
export async function dashboardFile(name: string): Promise<DashboardFile | null> {
  names ??= readdir(BROWSER, { recursive: true }).then((found) => new Set([...found, ...Object.keys(LIBRARIES)]))
  if (TYPES[extname(name)] === undefined || !(await names).has(name)) return null
  const loading = files.get(name) ?? load(name)
  files.set(name, loading)
  return loading
}

async function load(name: string): Promise<DashboardFile> {
  const library = LIBRARIES[name]
  const source = await readFile(library === undefined ? join(BROWSER, name) : fileURLToPath(import.meta.resolve(library)))
  const content = name.endsWith('.ts') ? Buffer.from(toScript(source.toString())) : source
  const etag = `"${createHash('sha256').update(content).digest('base64url').slice(0, 22)}"`
  return { content, type: TYPES[extname(name)] ?? 'application/octet-stream', etag }
}

/** Without types; a browser finds the one library that is imported by its place, not by its name. */
const toScript = (source: string): string => stripTypeScriptTypes(source).replace(/from 'uplot'/, "from '/ui/libraries/uPlot.js'")
