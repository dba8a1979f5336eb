const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined

const UNIQUE_VIOLATION = '23505'

/** The name of the unique index that an insert or update ran into; undefined for any other error. */
export const violatedConstraint = (error: unknown): string | undefined =>
  codeOf(error) === UNIQUE_VIOLATION && error instanceof Error && 'constraint' in error
    ? String(error.constraint)
    : undefined

/** Whether what was to be stored is at fault: SQLSTATE classes 22 (data exception) and 23 (integrity constraint violation). */
export const isAboutData = (error: unknown): boolean => /^2[23]/.test(codeOf(error) ?? '')

/**
 * SQLSTATE classes of a server that is away, starting, stopping, full, overrun or interrupted, and
 * of a transaction that lost to another: the same statement may succeed later.
 */
const TROUBLE_CLASSES = new Set(['08', '40', '53', '55', '57', '58'])

const SOCKET_ERRORS = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ENOENT',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
])

/** What pg says of a connection or a place in the pool that it did not get, or lost: these carry no code. */
const LOST_CONNECTION =
  /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|Query read timeout)/

/** Whether the database, not what was asked of it, is at fault. */
export function isDatabaseTrouble(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const code = codeOf(error)
  if (code !== undefined)
    return SOCKET_ERRORS.has(code) || (/^[0-9A-Z]{5}$/.test(code) && TROUBLE_CLASSES.has(code.slice(0, 2)))
  return LOST_CONNECTION.test(error.message)
}
