import { homedir } from 'node:os'
import { join } from 'node:path'

/** What the command line takes from the environment; the one place that reads it. */
export const config = {
  /** Address of the platform, before what `login` stored. */
  url: () => filled(process.env['CRYSTALMATH_URL']),
  token: () => filled(process.env['CRYSTALMATH_TOKEN']),
  /** Project for commands that need one and name none. */
  project: () => filled(process.env['CRYSTALMATH_PROJECT']),
  /** Where `login` stores address and token. */
  loginFile: () => join(filled(process.env['XDG_CONFIG_HOME']) ?? join(homedir(), '.config'), 'crystalmath', 'login.json'),
  /** Where `up` keeps everything, unless it is told with `--data`. */
  data: () => filled(process.env['CRYSTALMATH_DATA']) ?? join(homedir(), '.crystalmath'),
  /** Handed on to the services that `up` starts. */
  environment: () => process.env,
  /** https://no-color.org */
  colour: () => filled(process.env['NO_COLOR']) === undefined && process.stdout.isTTY === true,
}

const filled = (text: string | undefined): string | undefined => (text === undefined || text === '' ? undefined : text)
