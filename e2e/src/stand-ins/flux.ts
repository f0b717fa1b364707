import { chmod, copyFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { Testbed } from '@crystalmath/testbed'

/** Puts the stand-in before everything else on the PATH of the site's user. */
export async function standInForFlux(site: Testbed): Promise<void> {
  const { stdout } = await site.login('printf %s "$PATH"')
  const [first = ''] = stdout.split(':')
  await copyFile(fileURLToPath(new URL('flux.py', import.meta.url)), `${first}/flux`)
  await chmod(`${first}/flux`, 0o755)
}
