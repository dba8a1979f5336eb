import { argon2, type Argon2Parameters, randomBytes, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'

/** OWASP's parameters for Argon2id: 19 MiB, two passes, one lane. */
const MEMORY_KIB = 19_456
const PASSES = 2
const LANES = 1
const SALT_BYTES = 16
const KEY_BYTES = 32

/** More log-ins wait than the server will work off in a reasonable time: come back later. */
export class TooManyLogins extends Error {
  override name = 'TooManyLogins'
}

export interface Passwords {
  /** The password's hash in PHC string format. Rejects with {@link TooManyLogins}. */
  hash(password: string): Promise<string>
  /**
   * Whether the password is the one behind `hash`; false, after the same work, when there is no hash
   * at all. So nobody learns from the clock whether an account exists. Rejects with {@link TooManyLogins}.
   */
  verify(hash: string | undefined, password: string): Promise<boolean>
}

interface Work {
  /** Hashes computed at once: each holds 19 MiB and a thread of Node's small pool, which files need too. */
  readonly concurrency?: number
  /** How many may wait behind them before new ones are turned away. */
  readonly maxWaiting?: number
  readonly derive?: (parameters: Argon2Parameters) => Promise<Buffer>
}

const argon2id = promisify(argon2)

export function createPasswords(work: Work = {}): Passwords {
  const { concurrency = 2, maxWaiting = 64, derive = (parameters) => argon2id('argon2id', parameters) } = work
  const inTurn = createTurns(concurrency, maxWaiting)

  const deriveKey = (password: string, salt: Buffer, phc: PhcParameters): Promise<Buffer> =>
    inTurn(() =>
      derive({
        // The same password typed on another keyboard may arrive in other code points.
        message: password.normalize('NFKC'),
        nonce: salt,
        memory: phc.memory,
        passes: phc.passes,
        parallelism: phc.lanes,
        tagLength: KEY_BYTES,
      }),
    )

  return {
    async hash(password) {
      const salt = randomBytes(SALT_BYTES)
      const key = await deriveKey(password, salt, CURRENT)
      return `$argon2id$v=19$m=${MEMORY_KIB},t=${PASSES},p=${LANES}$${base64(salt)}$${base64(key)}`
    },
    async verify(hash, password) {
      const known = hash === undefined ? undefined : parsePhc(hash)
      const { salt, key, parameters } = known ?? NOBODY
      const derived = await deriveKey(password, salt, parameters)
      return known !== undefined && derived.length === key.length && timingSafeEqual(derived, key)
    },
  }
}

interface PhcParameters {
  readonly memory: number
  readonly passes: number
  readonly lanes: number
}

const CURRENT: PhcParameters = { memory: MEMORY_KIB, passes: PASSES, lanes: LANES }

/** What is computed for an account that does not exist. */
const NOBODY = { salt: Buffer.alloc(SALT_BYTES), key: Buffer.alloc(KEY_BYTES), parameters: CURRENT }

const PHC = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/

function parsePhc(text: string) {
  const [, memory, passes, lanes, salt, key] = PHC.exec(text) ?? []
  if (salt === undefined || key === undefined)
    throw new Error('a stored password hash is not an Argon2id PHC string')
  return {
    salt: Buffer.from(salt, 'base64'),
    key: Buffer.from(key, 'base64'),
    parameters: { memory: Number(memory), passes: Number(passes), lanes: Number(lanes) },
  }
}

/** Base64 as the PHC format wants it: without padding. */
const base64 = (bytes: Buffer): string => bytes.toString('base64').replace(/=+$/, '')

/** Runs at most `concurrency` jobs at once, in the order they came; turns away what would wait too long. */
function createTurns(concurrency: number, maxWaiting: number) {
  const waiting: (() => void)[] = []
  let running = 0
  return async <T>(job: () => Promise<T>): Promise<T> => {
    if (running >= concurrency) {
      if (waiting.length >= maxWaiting) throw new TooManyLogins('too many log-ins at once')
      await new Promise<void>((proceed) => waiting.push(proceed))
    } else {
      running += 1
    }
    try {
      return await job()
    } finally {
      // The place is handed on rather than given back, or a newcomer could slip in before the one who waits.
      const next = waiting.shift()
      if (next === undefined) running -= 1
      else next()
    }
  }
}
