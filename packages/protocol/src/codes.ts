import { z } from 'zod'

/** Why a command can never succeed as it stands. Trouble on the server's side is not among them (C4). */
export const refusalCode = z.enum([
  'invalid',
  'forbidden',
  'not_found',
  'archived',
  'not_friends',
  'too_large',
  'conflict',
])
export type RefusalCode = z.infer<typeof refusalCode>

/** Every code that an answer, a closed connection or a denied document may carry. */
export type Code = RefusalCode | 'unauthenticated' | 'rate_limited' | 'unavailable' | 'internal'

interface CodeMeaning {
  /** HTTP status of an answer with this code. */
  readonly status: number
  /** WebSocket close code (4000–4999 are the application's). */
  readonly closeCode: number
  /** Whether the same request, unchanged, may succeed later. */
  readonly retryHelps: boolean
}

export const CODES: { readonly [C in Code]: CodeMeaning } = {
  invalid: { status: 400, closeCode: 4400, retryHelps: false },
  unauthenticated: { status: 401, closeCode: 4401, retryHelps: false },
  forbidden: { status: 403, closeCode: 4403, retryHelps: false },
  not_friends: { status: 403, closeCode: 4403, retryHelps: false },
  not_found: { status: 404, closeCode: 4404, retryHelps: false },
  conflict: { status: 409, closeCode: 4409, retryHelps: false },
  archived: { status: 409, closeCode: 4409, retryHelps: false },
  too_large: { status: 413, closeCode: 4413, retryHelps: false },
  rate_limited: { status: 429, closeCode: 4429, retryHelps: true },
  internal: { status: 500, closeCode: 4500, retryHelps: true },
  unavailable: { status: 503, closeCode: 4503, retryHelps: true },
}

export interface Refusal {
  readonly code: RefusalCode
  readonly message: string
}

/** Makes a switch exhaustive: a new case does not compile until someone has decided. */
export function unreachable(value: never): never {
  throw new Error(`unreachable: ${JSON.stringify(value)}`)
}
