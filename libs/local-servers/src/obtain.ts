import { findMongod, findNatsServer } from './find-binary.ts'

/** Puts nats-server and mongod where the rest finds them; says nothing where they are. */
const begun = performance.now()
const onProgress = (line: string) => process.stderr.write(`set-up: ${line} …\n`)
const isSlow = () => performance.now() - begun > 2_000

await findNatsServer(onProgress)
await findMongod(onProgress)
if (isSlow()) process.stderr.write(`set-up: servers: ${((performance.now() - begun) / 1000).toFixed(0)} s\n`)
