import type { Reporter, TestModule } from 'vitest/node'

/** Prints `N passed, N failed, N skipped` as the very last line, after vitest's own summary. A file that fails to load counts as one failure. */
export default class SummaryReporter implements Reporter {
  #counts = { passed: 0, failed: 0, skipped: 0 }

  onInit(): void {
    process.once('exit', (status) => {
      const { passed, skipped } = this.#counts
      // a run that failed before or after its tests, as when a server of theirs does not start, has failed too
      const failed = status === 0 ? this.#counts.failed : Math.max(1, this.#counts.failed)
      process.stdout.write(`${passed} passed, ${failed} failed, ${skipped} skipped\n`)
    })
  }

  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    const counts = { passed: 0, failed: unhandledErrors.length, skipped: 0 }
    for (const module of modules) {
      // errors of the file itself: it does not load, or a hook of it throws
      counts.failed += module.errors().length > 0 ? 1 : 0
      for (const suite of module.children.allSuites()) counts.failed += suite.errors().length > 0 ? 1 : 0
      for (const test of module.children.allTests()) {
        const { state } = test.result()
        // a test that never finished has not passed
        counts[state === 'pending' ? 'failed' : state] += 1
      }
    }
    this.#counts = counts
  }
}
