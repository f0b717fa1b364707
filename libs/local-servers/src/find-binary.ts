import { constants } from 'node:fs'
import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { PermanentError } from '@crystalmath/contract'
import { config } from './config.ts'
import { obtainMongod } from './obtain-mongod.ts'
import { obtainNatsServer } from './obtain-nats-server.ts'
import type { Progress } from './progress.ts'

/** The nats-server to run: `CRYSTALMATH_NATS_SERVER`, the PATH, the tool cache, else it is obtained. */
export const findNatsServer = (onProgress: Progress = silent): Promise<string> =>
  find(
    { name: 'nats-server', variable: 'CRYSTALMATH_NATS_SERVER', named: config.natsServer(), obtain: obtainNatsServer },
    onProgress,
  )

/** The mongod to run: `CRYSTALMATH_MONGOD`, the PATH, the tool cache, else it is obtained. */
export const findMongod = (onProgress: Progress = silent): Promise<string> =>
  find({ name: 'mongod', variable: 'CRYSTALMATH_MONGOD', named: config.mongod(), obtain: obtainMongod }, onProgress)

const silent: Progress = () => {}

type Search = {
  readonly name: string
  readonly variable: string
  readonly named: string | undefined
  /** Puts the program at `cache`/bin/`name` and returns its path, or that of an installed one. */
  readonly obtain: (cache: string, onProgress: Progress) => Promise<string>
}

async function find({ name, variable, named, obtain }: Search, onProgress: Progress): Promise<string> {
  if (named) {
    if (await isExecutable(named)) return named
    throw new PermanentError(`${variable} names "${named}", which is no executable file`)
  }
  const cache = config.cache()
  for (const folder of [...config.path(), join(cache, 'bin')]) {
    const candidate = join(folder, name)
    if (await isExecutable(candidate)) return candidate
  }
  return obtain(cache, onProgress)
}

const isExecutable = (file: string): Promise<boolean> =>
  access(file, constants.X_OK).then(
    () => true,
    () => false,
  )
