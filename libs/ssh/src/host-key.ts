import { createHash } from 'node:crypto'

/** As `ssh-keygen -l` prints it. */
export const fingerprint = (key: Buffer): string =>
  `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`

/** The type's name, which the key's own first field holds. */
const typeOf = (key: Buffer): string => key.subarray(4, 4 + key.readUInt32BE(0)).toString('latin1')

/** `ssh-ed25519 AAAA…` */
export const hostKeyLine = (key: Buffer): string => `${typeOf(key)} ${key.toString('base64')}`

/** The key of `ssh-ed25519 AAAA… comment`, or of a line of known_hosts; null if there is none in it. */
export function readHostKey(line: string): Buffer | null {
  const words = line.trim().split(/\s+/)
  const at = words.findIndex((word) => /^(ssh|ecdsa|sk)-/.test(word))
  const encoded = at < 0 ? undefined : words[at + 1]
  return encoded === undefined ? null : Buffer.from(encoded, 'base64')
}

const SIGNATURES: Readonly<Record<string, readonly string[]>> = { 'ssh-rsa': ['rsa-sha2-512', 'rsa-sha2-256'] }

/** Signature algorithms to ask for, so that the server shows a key of a kind that is pinned. */
export const algorithmsFor = (pinned: readonly Buffer[]): readonly string[] => [
  ...new Set(pinned.flatMap((key) => SIGNATURES[typeOf(key)] ?? [typeOf(key)])),
]
