import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { openChunks } from './chunks.ts'
import { isCurrent, readManifest } from './manifest.ts'

// Compiled itself, this is what bin/crystalmath runs: the program that was made of the sources as they are, else the sources.
const folder = import.meta.dirname
const manifest = readManifest(folder)

if (isCurrent(folder, manifest)) {
  const { run } = openChunks(join(folder, manifest.chunks), createRequire(import.meta.url)).load('entry.cjs')
  ;(run as () => void)()
} else void import(pathToFileURL(join(folder, manifest.checkout, 'apps/cli/src/main.ts')).href)
