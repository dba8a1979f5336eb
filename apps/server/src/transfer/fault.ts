import type { Seq } from '@parley/protocol'

/** What can be wrong with a file. */
export type FaultCode =
  /** Not a file of ours, or of a newer version. */
  | 'format'
  /** A line is no JSON, not in canonical form, or not an event. */
  | 'line'
  /** An event is missing, twice, or not in its place. */
  | 'order'
  /** The hash does not follow from what is said and what came before. */
  | 'chain'
  /** No server would have let this be said at this place. */
  | 'illegal'
  /** The file ends before its end. */
  | 'truncated'
  /** First line, last line and events contradict each other. */
  | 'digest'

/** What is wrong with an export, and where: the first thing, since all that follows may only follow from it. */
export class ExportFault extends Error {
  override name = 'ExportFault'
  readonly code: FaultCode
  readonly line: number
  readonly seq: Seq | undefined
  constructor(code: FaultCode, line: number, what: string, seq?: Seq) {
    super(`line ${line}${seq === undefined ? '' : ` (event ${seq})`}: ${what}`)
    this.code = code
    this.line = line
    this.seq = seq
  }
}
