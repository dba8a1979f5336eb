/** What file systems take, in UTF-8. */
const MAX_BYTES = 255
const MAX_ENDING = 20

/** Control characters, line ends, and what turns the direction of text: "gpj.exe" must not look like "exe.jpg". */
const INVISIBLE = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g

/** A name to show and to save under, from whatever a client says a file is called: never a path, never empty. */
export function safeFileName(claimed: string | undefined): string {
  const base = (claimed ?? '').toWellFormed().split(/[/\\]/).at(-1)?.replace(INVISIBLE, '').trim() ?? ''
  if (base === '' || base === '.' || base === '..') return 'file'
  if (Buffer.byteLength(base) <= MAX_BYTES) return base
  const ending = /\.[^.]+$/.exec(base)?.[0] ?? ''
  const kept = Buffer.byteLength(ending) <= MAX_ENDING ? ending : ''
  return `${shortened(base.slice(0, base.length - kept.length), MAX_BYTES - Buffer.byteLength(kept))}${kept}`
}

/** Cut between characters, not within one. */
function shortened(text: string, maxBytes: number): string {
  let bytes = 0
  let end = 0
  for (const character of text) {
    bytes += Buffer.byteLength(character)
    if (bytes > maxBytes) break
    end += character.length
  }
  return text.slice(0, end).trimEnd()
}
