import { ExportFault } from './fault.ts'

const NEWLINE = 0x0a
/** No event is longer; the header of a channel of half a million people is not either. */
const MAX_LINE_BYTES = 64 * 1024 * 1024

export interface Line {
  /** From 1 on. */
  readonly number: number
  /** Without its end. */
  readonly bytes: Buffer
}

/**
 * Cuts a stream of bytes at its line feeds and nowhere else: what reads lines for people also ends
 * them at characters that may stand within a message. The last line has to be ended too.
 */
export async function* linesOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Line> {
  let begun: Buffer[] = []
  let begunBytes = 0
  let number = 1
  for await (const chunk of chunks) {
    let rest = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
    for (let end = rest.indexOf(NEWLINE); end >= 0; end = rest.indexOf(NEWLINE)) {
      yield { number, bytes: Buffer.concat([...begun, rest.subarray(0, end)]) }
      ;[begun, begunBytes] = [[], 0]
      number += 1
      rest = rest.subarray(end + 1)
    }
    begunBytes += rest.length
    if (begunBytes > MAX_LINE_BYTES)
      throw new ExportFault('line', number, `the line has more than ${MAX_LINE_BYTES} bytes`)
    // A copy: whoever reads a file may fill the same buffer again.
    if (rest.length > 0) begun.push(Buffer.from(rest))
  }
  if (begunBytes > 0) throw new ExportFault('truncated', number, 'the file breaks off within this line')
}
