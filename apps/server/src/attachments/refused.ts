import type { Refusal, RefusalCode } from '@parley/protocol'

/** A refusal on its way out of the library that takes the bytes in, which only lets errors through. */
export class Refused extends Error {
  override name = 'Refused'
  readonly code: RefusalCode
  constructor({ code, message }: Refusal) {
    super(message)
    this.code = code
  }
}
