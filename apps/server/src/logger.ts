import { type DestinationStream, type Logger, pino, type SerializedError, stdSerializers } from 'pino'

export type { Logger }

export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]

const SECRETS = [
  'password',
  'currentPassword',
  'cookie',
  '["set-cookie"]',
  'authorization',
  'token',
  'secret',
]
/** A wildcard of pino's stands for exactly one level, so each depth that we log is spelled out. */
const DEPTHS = ['', '*.', '*.*.', '*.*.*.']

/** Structured lines on standard output; secrets never reach them (S6). */
export function createLogger(level: LogLevel, destination?: DestinationStream): Logger {
  const options = {
    level,
    base: null,
    serializers: { err: withoutClient },
    redact: {
      paths: DEPTHS.flatMap((depth) => SECRETS.map((key) => (depth + key).replace('.[', '['))),
      censor: '[redacted]',
    },
  }
  return destination === undefined ? pino(options) : pino(options, destination)
}

/** An error of pg's pool carries the whole connection along, with the key that cancels its queries. */
function withoutClient(error: unknown): unknown {
  if (!(error instanceof Error)) return error
  const { client: _client, ...told } = stdSerializers.err(error) as SerializedError & { client?: unknown }
  return told
}
