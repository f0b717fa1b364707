import { link, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { UserId } from '@crystalmath/contract'
import { createUser, hasTokens, type Store, saveFirstToken } from '@crystalmath/store'
import { newToken } from './routes/tokens.ts'

/** While nobody can sign in: makes the user `admin` and a token, written to a file that only its owner may read.
 * The file comes first, so that a crash in between leaves no token that nobody knows. Of gateways that start at once one stores its token;
 * the files of the others are removed. Returns whether the file holds the token. */
export async function makeFirstToken({ db }: Store, file: string, now: Date): Promise<boolean> {
  if (await hasTokens(db)) return false
  const text = await keep(file, newToken())
  const user = UserId.parse('admin')
  const createdAt = now.toISOString()
  await createUser(db, { id: user, name: 'first administrator', admin: true, createdAt, disabledAt: null })
  if (await saveFirstToken(db, text, { user, name: 'first', createdAt, expiresAt: null })) return true
  await rm(file, { force: true })
  return false
}

/** Writes the token, whole or not at all, or reads the one that lies there: an interrupted start left it, or another gateway is starting beside us. */
async function keep(file: string, text: string): Promise<string> {
  const own = `${file}.${process.pid}.${text.slice(-8)}`
  await writeFile(own, `${text}\n`, { mode: 0o600, flag: 'wx' })
  try {
    await link(own, file)
    return text
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
    const left = (await readFile(file, 'utf8')).trim()
    if (/^cmt_[\w-]{43}$/.test(left)) return left
    await rename(own, file)
    return text
  } finally {
    await rm(own, { force: true })
  }
}
