import type { Command } from 'commander'
import { config } from '../config.ts'
import { localLogin, readLogin } from '../connection.ts'
import { UsageError } from '../exit.ts'
import { parseCount } from '../flags.ts'
import { SERVICES, type ServiceName } from '../up/services.ts'

type Flags = { readonly data?: string; readonly port?: number; readonly replicas?: readonly string[]; readonly logLevel?: string }

/** `crystalmath up`: the whole platform on this machine, in the foreground, until Ctrl-C. */
export const addUp = (program: Command): Command =>
  program
    .command('up')
    .description('start the whole platform on this machine: NATS, MongoDB and every service, kept alive until Ctrl-C')
    .option('--data <folder>', 'where everything is kept (CRYSTALMATH_DATA, else ~/.crystalmath)')
    .option('--port <port>', 'port of the API; the one of the last time, or any, if absent', parseCount)
    .option('--replicas <service=n...>', `processes of a service (${SERVICES.join(', ')})`)
    .option('--log-level <level>', 'debug, info, warn or error', 'info')
    .addHelpText(
      'after',
      '\nExamples:\n  crystalmath up\n  crystalmath up --data /srv/crystalmath --port 4100 --replicas parser=2',
    )
    .action(async (flags: Flags) => {
      const dataFolder = flags.data ?? config.data()
      const say = (line: string) => process.stderr.write(`${line}\n`)
      const isFirst = (await readLogin(localLogin(dataFolder))) === null
      const { startPlatform } = await import('../up/platform.ts')
      const platform = await startPlatform({
        dataFolder,
        apiPort: flags.port,
        replicas: replicasOf(flags.replicas ?? []),
        logLevel: flags.logLevel ?? 'info',
        environment: config.environment(),
        onProgress: say,
      })
      say(`platform    ${platform.url}   (documentation: ${platform.url}/docs)`)
      say(`dashboard   ${platform.url}/${isFirst ? `#token=${platform.token}` : ''}`)
      if (isFirst) say(`token       ${platform.token}   (of the first administrator; shown this once)`)
      say(`data, logs  ${dataFolder}`)
      say(`other terminals of yours find it through ${localLogin(dataFolder)}; Ctrl-C stops it, jobs on clusters go on`)
      await new Promise<void>((resolve) => {
        for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve())
      })
      say('stopping')
      await platform.stop()
    })

function replicasOf(words: readonly string[]): Partial<Record<ServiceName, number>> {
  const entries = words.map((word) => {
    const [, name = '', count = ''] = /^([a-z]+)=([0-9]{1,2})$/.exec(word) ?? []
    const service = SERVICES.find((one) => one === name)
    if (service === undefined)
      throw new UsageError(`--replicas ${word}: expected SERVICE=N with a service of ${SERVICES.join(', ')}`)
    return [service, Number(count)] as const
  })
  return Object.fromEntries(entries)
}
