import { type DestinationStream, type Logger, pino } from 'pino'

export type { Logger }

export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]

const SECRETS = ['password', 'currentPassword', 'cookie', '["set-cookie"]', 'authorization', 'token', 'secret']
/** A wildcard of pino's stands for exactly one level, so each depth that we log is spelled out. */
const DEPTHS = ['', '*.', '*.*.', '*.*.*.']

/** Structured lines on standard output; secrets never reach them (S6). */
export function createLogger(level: LogLevel, destination?: DestinationStream): Logger {
  const options = {
    level,
    base: null,
    redact: {
      paths: DEPTHS.flatMap((depth) => SECRETS.map((key) => (depth + key).replace('.[', '['))),
      censor: '[redacted]',
    },
  }
  return destination === undefined ? pino(options) : pino(options, destination)
}
