import { takeDownOrphans } from './left-over.ts'

/** For test runs: takes down what a killed run has left, and at the end what a test of this run has. */
export default async function setUp(): Promise<() => Promise<void>> {
  await takeDownOrphans()
  return () => takeDownOrphans(process.pid)
}
