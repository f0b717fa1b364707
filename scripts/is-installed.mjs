// Exits 0 if node_modules holds what package-lock.json asks for. Runs on any Node 20 or later, before anything is installed.
import { existsSync, readFileSync } from 'node:fs'

const here = (path) => new URL(`../${path}`, import.meta.url)
const packagesOf = (lockFile) => JSON.parse(readFileSync(here(lockFile), 'utf8')).packages

const isInstalled = () => {
  const wanted = Object.entries(packagesOf('package-lock.json')).filter(([path]) => path.startsWith('node_modules/'))
  // npm writes this copy of what it has installed at the end, and removes it at the beginning
  const installed = packagesOf('node_modules/.package-lock.json')
  // optional: for other machines than this
  const agrees = ([path, { integrity, optional }]) =>
    installed[path] ? installed[path].integrity === integrity : optional === true
  return wanted.every(agrees) && existsSync(here('node_modules/.bin/node'))
}

try {
  process.exitCode = isInstalled() ? 0 : 1
} catch {
  // no lock file or no copy of it: nothing is installed
  process.exitCode = 1
}
