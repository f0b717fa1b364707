import pino from 'pino'

export type Log = pino.Logger

/** JSON lines on standard output; keys and tokens never. */
export const openLog = (name: string, level: string): Log =>
  pino({
    name,
    level,
    base: { service: name, pid: process.pid },
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: {
      paths: [
        '*.authorization',
        'authorization',
        '*.privateKey',
        'privateKey',
        '*.password',
        'password',
        '*.token',
        'req.headers.authorization',
      ],
      censor: '[redacted]',
    },
  })
