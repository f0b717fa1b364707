/** Where the integration tests take NATS and MongoDB from: `containers`, `native`, or, by default, whatever is there. */
export const wantedServers = (): 'containers' | 'native' | 'any' => {
  const word = process.env['CRYSTALMATH_TEST_SERVERS'] ?? 'any'
  if (word === 'containers' || word === 'native' || word === 'any') return word
  throw new Error(`CRYSTALMATH_TEST_SERVERS is "${word}": one of containers, native, any`)
}

/** The socket of the Docker engine; null where DOCKER_HOST names another way to it. */
export const engineSocket = (): string | null => {
  const host = process.env['DOCKER_HOST']
  if (host === undefined || host === '') return '/var/run/docker.sock'
  return host.startsWith('unix://') ? host.slice('unix://'.length) : null
}

/** Its own cleaner is one more image to pull. */
export const withoutCleaner = (): void => {
  process.env['TESTCONTAINERS_RYUK_DISABLED'] ??= 'true'
}
