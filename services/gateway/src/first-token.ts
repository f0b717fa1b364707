import { readFile, writeFile } from 'node:fs/promises'
import { UserId } from '@crystalmath/contract'
import { createUser, hasTokens, type Store, saveToken } from '@crystalmath/store'
import { newToken } from './routes/tokens.ts'

/** While nobody can sign in: makes the user `admin` and a token, written to a file that only its owner may read.
 * The file comes first, so that a crash in between leaves no token that nobody knows. Returns whether it did. */
export async function makeFirstToken({ db }: Store, file: string, now: Date): Promise<boolean> {
  if (await hasTokens(db)) return false
  const text = await keep(file, newToken())
  const user = UserId.parse('admin')
  const createdAt = now.toISOString()
  await createUser(db, { id: user, name: 'first administrator', admin: true, createdAt, disabledAt: null })
  await saveToken(db, text, { user, name: 'first', createdAt, expiresAt: null })
  return true
}

/** Writes the token, or reads the one that an interrupted start left. */
async function keep(file: string, text: string): Promise<string> {
  try {
    await writeFile(file, `${text}\n`, { mode: 0o600, flag: 'wx' })
    return text
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
    const left = (await readFile(file, 'utf8')).trim()
    if (/^cmt_[\w-]{43}$/.test(left)) return left
    await writeFile(file, `${text}\n`, { mode: 0o600 })
    return text
  }
}
