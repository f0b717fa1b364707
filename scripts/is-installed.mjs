// Exits 0 if node_modules holds what package-lock.json asks for. Runs on any Node 20 or later, before anything is installed.
import { readFileSync } from 'node:fs'

const read = (file) => JSON.parse(readFileSync(new URL(`../${file}`, import.meta.url), 'utf8')).packages

const isHere = () => {
  const wanted = Object.entries(read('package-lock.json')).filter(([path]) => path.startsWith('node_modules/'))
  // npm writes this copy of what it has installed at the end, and removes it at the beginning
  const installed = read('node_modules/.package-lock.json')
  return wanted.every(([path, entry]) => {
    if (entry.link) return installed[path]?.link === true
    const isForThisMachine = includes(entry.os, process.platform) && includes(entry.cpu, process.arch) && !isForOtherLibc(entry)
    return installed[path] ? installed[path].integrity === entry.integrity : entry.optional === true && !isForThisMachine
  })
}

const includes = (list, value) => list === undefined || list.includes(value)
const isForOtherLibc = ({ libc }) =>
  libc !== undefined && !libc.includes(process.report.getReport().header.glibcVersionRuntime ? 'glibc' : 'musl')

try {
  process.exitCode = isHere() ? 0 : 1
} catch {
  // no lock file or no copy of it: nothing is installed
  process.exitCode = 1
}
