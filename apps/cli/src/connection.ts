import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Client } from '@crystalmath/client'
import type { Command } from 'commander'
import { config } from './config.ts'
import { NotSignedInError, UsageError } from './exit.ts'

/** What `login` stores. */
export type Login = { readonly url: string; readonly token: string; readonly project?: string | undefined }

export type ConnectionFlags = { readonly url?: string | undefined; readonly token?: string | undefined }

/** The flags of every command that talks to the platform. */
export const withConnection = (command: Command): Command =>
  command
    .option('--url <url>', 'address of the platform (CRYSTALMATH_URL, else what login stored, else the one that up started)')
    .option('--token <token>', 'bearer token (CRYSTALMATH_TOKEN, else what login stored)')

/** Flags go before the environment, that before `login`, and that before a platform that `up` runs on this machine. */
export async function findLogin(flags: ConnectionFlags): Promise<Login> {
  const url = flags.url ?? config.url()
  const token = flags.token ?? config.token()
  if (url !== undefined && token !== undefined) return { url, token, project: config.project() }
  const stored = (await readLogin(config.loginFile())) ?? (await readLogin(localLogin(config.data())))
  if (stored === null && url === undefined) {
    throw new UsageError('no platform is known: "crystalmath up" starts one here, "crystalmath login" names one')
  }
  const isOther = url !== undefined && stored !== null && stored.url !== url
  const chosen = token ?? (isOther ? undefined : stored?.token)
  if (chosen === undefined)
    throw new NotSignedInError(`no token for ${url}: use --token, CRYSTALMATH_TOKEN or "crystalmath login"`)
  return { url: url ?? stored?.url ?? '', token: chosen, project: config.project() ?? stored?.project }
}

export async function connect(flags: ConnectionFlags): Promise<Client> {
  const { url, token } = await findLogin(flags)
  const { openClient } = await import('@crystalmath/client')
  return openClient({ url, token })
}

/** Where `up` leaves the address and the first token of the platform in this folder. */
export const localLogin = (data: string): string => join(data, 'login.json')

export async function readLogin(file: string): Promise<Login | null> {
  const text = await readFile(file, 'utf8').catch(() => null)
  if (text === null) return null
  try {
    const { url, token, project } = JSON.parse(text) as Partial<Login>
    if (typeof url === 'string' && typeof token === 'string') return { url, token, project }
  } catch {
    // falls through: a torn file is as good as a wrong one
  }
  throw new UsageError(`${file} is not a login: remove it, then "crystalmath login"`)
}

/** Only its owner may read it. */
export async function writeLogin(file: string, login: Login): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 })
  await writeFile(file, `${JSON.stringify(login, null, 2)}\n`, { mode: 0o600 })
  await chmod(file, 0o600)
}
