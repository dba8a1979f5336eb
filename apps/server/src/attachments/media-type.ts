import { open } from 'node:fs/promises'
import { fileTypeFromFile } from 'file-type'
import { fileTroubleCode, onDisk } from './file-store.ts'

export const UNKNOWN_TYPE = 'application/octet-stream'

/** Texts that a client may name more closely: none of them does anything when it is opened. */
const TEXT_TYPES = new Set([
  'text/plain',
  'text/csv',
  'text/markdown',
  'text/tab-separated-values',
  'application/json',
])

const SAMPLE_BYTES = 64 * 1024

/**
 * What a file is by its bytes; the client is believed only about kinds of harmless text. HTML, SVG
 * and scripts are text like any other.
 */
export async function mediaTypeOf(path: string, claimed: string | undefined): Promise<string> {
  const found = await onDisk(() => recognise(path))
  if (found !== undefined) return found
  if (!isText(await sampleOf(path))) return UNKNOWN_TYPE
  const [claim = ''] = (claimed ?? '').toLowerCase().split(/[ ;]/)
  return TEXT_TYPES.has(claim) ? claim : 'text/plain'
}

async function recognise(path: string): Promise<string | undefined> {
  try {
    return (await fileTypeFromFile(path))?.mime
  } catch (error) {
    if (fileTroubleCode(error) !== undefined) throw error
    // What a parser stumbles over is nothing that it knows.
    return undefined
  }
}

async function sampleOf(path: string): Promise<Uint8Array> {
  return onDisk(async () => {
    const file = await open(path)
    try {
      const { buffer, bytesRead } = await file.read(new Uint8Array(SAMPLE_BYTES), 0, SAMPLE_BYTES, 0)
      return buffer.subarray(0, bytesRead)
    } finally {
      await file.close()
    }
  })
}

/** UTF-8 without the control characters that no text has; an empty file is none. */
function isText(sample: Uint8Array): boolean {
  if (sample.length === 0) return false
  try {
    // The last character may be cut off by the end of the sample.
    const text = new TextDecoder('utf-8', { fatal: true }).decode(sample, { stream: true })
    return !/[\u0000-\u0008\u000e-\u001a\u001c-\u001f]/.test(text)
  } catch {
    return false
  }
}
