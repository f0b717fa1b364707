import { parsePath } from '@crystalmath/files'

// once.ts FILE REPEAT [full]: the CPU seconds (all threads) of reading a file, the best of REPEAT, its energy, and the memory of this process; as JSON.
const [path = '', repeat = '1', full] = process.argv.slice(2)
const seconds: number[] = []
let energyEv: number | null = null
for (let left = Number(repeat); left > 0; left -= 1) {
  const began = process.cpuUsage()
  energyEv = (await parsePath(path, { full: full === 'full' })).energyEv
  const { user, system } = process.cpuUsage(began)
  seconds.push((user + system) / 1e6)
}
const rssMebibytes = process.resourceUsage().maxRSS / 1_024
process.stdout.write(`${JSON.stringify({ seconds: Math.min(...seconds), first: seconds[0], energy: energyEv, rssMebibytes })}\n`)
