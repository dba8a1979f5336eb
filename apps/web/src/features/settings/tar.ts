/** A file in an archive; its content may be large, and is not read for it. */
export interface Entry {
  readonly name: string
  readonly content: Blob
}

const BLOCK = 512

/**
 * A tar archive (POSIX ustar, with a pax header for names that ASCII has no letters for), which every system opens:
 * several files in one, without any of them in memory.
 */
export function tar(entries: readonly Entry[], now: number): Blob {
  const parts = entries.flatMap(({ name, content }) => {
    const plain = asciiOf(name)
    const extended = plain === name ? [] : paxOf(name, now)
    return [...extended, header(plain, content.size, '0', now), content, padding(content.size)]
  })
  return new Blob([...parts, new Uint8Array(2 * BLOCK)], { type: 'application/x-tar' })
}

const MAX_NAME = 100

const asciiOf = (name: string): string => name.replaceAll(/[^\x20-\x7e]/g, '_').slice(0, MAX_NAME)

function paxOf(name: string, now: number): Uint8Array<ArrayBuffer>[] {
  const words = new TextEncoder()
  const said = ` path=${name}\n`
  const bytes = words.encode(said).length
  // The length counts its own digits.
  let length = bytes
  while (length !== bytes + String(length).length) length = bytes + String(length).length
  const record = words.encode(`${length}${said}`)
  return [header('pax', record.length, 'x', now), record, padding(record.length)]
}

function header(name: string, size: number, type: '0' | 'x', now: number): Uint8Array<ArrayBuffer> {
  const block = new Uint8Array(BLOCK)
  const write = (text: string, at: number): void => block.set(new TextEncoder().encode(text), at)
  const octal = (value: number, length: number): string => `${value.toString(8).padStart(length - 1, '0')}\0`
  write(name, 0)
  write(octal(0o600, 8), 100)
  write(octal(0, 8), 108)
  write(octal(0, 8), 116)
  write(octal(size, 12), 124)
  write(octal(Math.floor(now / 1000), 12), 136)
  // The sum counts itself as spaces.
  write('        ', 148)
  write(type, 156)
  write('ustar\x0000', 257)
  const sum = block.reduce((total, byte) => total + byte, 0)
  write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  return block
}

const padding = (size: number): Uint8Array<ArrayBuffer> => new Uint8Array((BLOCK - (size % BLOCK)) % BLOCK)
