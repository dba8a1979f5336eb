/** Something the operator can mend, whose message says what and how: shown without a trace. */
export class OperatorError extends Error {
  override name = 'OperatorError'
}
