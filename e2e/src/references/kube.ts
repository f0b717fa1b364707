import { spawnSync } from 'node:child_process'
import { resolve } from 'node:path'
import type { Compared } from './python.ts'

const SCRIPT = resolve(import.meta.dirname, '../../../scripts/kube-dry-run.sh')

/** Lets a real kube-apiserver judge every object of both overlays of `k8s/`. What it refuses or warns of counts as different. */
export function judgeManifests(say: (line: string) => void): Compared {
  const { status, stdout, stderr } = spawnSync('sh', [SCRIPT], { encoding: 'utf8' })
  const lines = `${stdout}${stderr}`.trim().split('\n')
  for (const line of lines) say(line)
  const counted = lines.flatMap((line) => /: (\d+) of (\d+) objects accepted/.exec(line)?.slice(1).map(Number) ?? [])
  const sum = (which: number) => counted.filter((_, i) => i % 2 === which).reduce((all, one) => all + one, 0)
  const refused = sum(1) - sum(0)
  return { cases: sum(1), different: status === 0 ? refused : Math.max(1, refused) }
}
