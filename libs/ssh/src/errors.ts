import { PermanentError, TransientError } from '@crystalmath/contract'

const codeOf = (error: unknown): string => {
  if (!(error instanceof Error)) return ''
  if ('level' in error && typeof error.level === 'string') return error.level
  return 'code' in error && typeof error.code === 'string' ? error.code : ''
}

/** What ssh2 and the network say, as what the platform does about it. `who` names user, host and port. */
export function translate(error: unknown, who: string): TransientError | PermanentError {
  if (error instanceof TransientError || error instanceof PermanentError) return error
  const said = error instanceof Error ? error.message : String(error)
  if (codeOf(error) === 'client-authentication')
    return new PermanentError(`${who} refused our key ("${said}"): put the public key into the account's authorized_keys`, {
      cause: error,
      waitingFor: 'SSH_DOWN',
    })
  if (/Cannot parse privateKey|Encrypted private .* detected|no passphrase/i.test(said))
    return new PermanentError(`the private key for ${who} cannot be used: "${said}"`, { cause: error, waitingFor: 'SSH_DOWN' })
  if (/no matching (key exchange|host key|C->S|S->C|cipher)/i.test(said))
    return new PermanentError(`${who} and we share no algorithm: "${said}"`, { cause: error, waitingFor: 'SSH_DOWN' })
  return new TransientError(`${who} is away: "${said}"`, { cause: error, waitingFor: 'SSH_DOWN' })
}
