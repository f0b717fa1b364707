const SERVERS = ['containers', 'native', 'clustered', 'any'] as const

/** Where the integration tests take NATS and MongoDB from: containers, processes of this machine, three processes of each, or, by default, whatever is there. */
export const wantedServers = (): (typeof SERVERS)[number] => {
  const word = process.env['CRYSTALMATH_TEST_SERVERS'] ?? 'any'
  const found = SERVERS.find((one) => one === word)
  if (found === undefined) throw new Error(`CRYSTALMATH_TEST_SERVERS is "${word}": one of ${SERVERS.join(', ')}`)
  return found
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
