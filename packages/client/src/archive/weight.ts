/**
 * How many bytes values take as JSON in UTF-8: what is said to be held is counted by this. The disk takes more
 * or less of them: browsers compress, and keep indexes beside.
 */
export function bytesOf(values: readonly unknown[]): number {
  let bytes = 0
  for (const value of values) {
    const json = JSON.stringify(value)
    for (let index = 0; index < json.length; index += 1) {
      const code = json.charCodeAt(index)
      // Each half of a pair stands for two of its four bytes.
      const isHalf = code >= 0xd800 && code <= 0xdfff
      bytes += code < 0x80 ? 1 : code < 0x800 || isHalf ? 2 : 3
    }
  }
  return bytes
}
