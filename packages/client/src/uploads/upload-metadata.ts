const SIGNS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

/** What tus says of a file in the header `Upload-Metadata`: each value is base64, because headers are ASCII. */
export const uploadMetadata = (fields: Readonly<Record<string, string>>): string =>
  Object.entries(fields)
    .map(([key, value]) => `${key} ${base64(utf8(value))}`)
    .join(',')

function utf8(text: string): number[] {
  // `encodeURIComponent` is the language's own way to UTF-8; it cannot do halves of characters.
  const encoded = encodeURIComponent(text.toWellFormed())
  const bytes: number[] = []
  for (let at = 0; at < encoded.length; at += 1) {
    const isEscaped = encoded.charAt(at) === '%'
    bytes.push(isEscaped ? Number.parseInt(encoded.slice(at + 1, at + 3), 16) : encoded.charCodeAt(at))
    if (isEscaped) at += 2
  }
  return bytes
}

function base64(bytes: readonly number[]): string {
  let text = ''
  for (let at = 0; at < bytes.length; at += 3) {
    const [first = 0, second, third] = bytes.slice(at, at + 3)
    text += SIGNS.charAt(first >> 2) + SIGNS.charAt(((first & 3) << 4) | ((second ?? 0) >> 4))
    text += second === undefined ? '=' : SIGNS.charAt(((second & 15) << 2) | ((third ?? 0) >> 6))
    text += third === undefined ? '=' : SIGNS.charAt(third & 63)
  }
  return text
}
