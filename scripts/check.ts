import { CHECKS, failureOf } from './checks.ts'

/** Runs every check, says what each found, and fails if any did. */
for (const check of CHECKS) {
  const begun = performance.now()
  const failure = await failureOf(check)
  process.stdout.write(
    `${failure === null ? 'ok    ' : 'FAILED'}  ${((performance.now() - begun) / 1000).toFixed(1)} s  ${check.name}\n`,
  )
  if (failure === null) continue
  process.stdout.write(`${failure}\n`)
  process.exitCode = 1
}
