import type { Code } from '@parley/protocol'
import { OperatorError } from '../operator-error.ts'

/** A command cannot be carried out; the code is for scripts, the message for whoever gave it. */
export class AdminError extends OperatorError {
  override name = 'AdminError'
  readonly code: Code
  constructor(code: Code, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

/** The command line itself is wrong: said with how it should be, and exit code 2. */
export class UsageError extends OperatorError {
  override name = 'UsageError'
}
