import { type AttachmentId, type Code, newId, type rest } from '@parley/protocol'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Answer, Api } from '../connection/api.ts'
import { testClock } from '../testing/clock.ts'
import { conversation } from '../testing/logs.ts'
import { uploadFile } from './upload-file.ts'

type UploadApi = Pick<Api, 'beginUpload' | 'upload' | 'appendUpload'>

/** What the network and the server do to one request. */
const mishap = fc.constantFrom('none', 'lost', 'answer lost', 'half', 'forgotten', 'busy')
type Mishap = 'none' | 'lost' | 'answer lost' | 'half' | 'forgotten' | 'busy'

const no = (code: Code): Answer<never> => ({ ok: false, code, message: code })
const done: Answer<undefined> = { ok: true, value: undefined }

/** A server that keeps what arrives of one file, as one that speaks tus does. */
function server(size: number, mishaps: Mishap[]) {
  let stored: Uint8Array<ArrayBuffer> | undefined
  const id = newId<AttachmentId>()
  const next = (): Mishap => mishaps.pop() ?? 'none'
  const through = async <T>(answer: () => Promise<Answer<T>>): Promise<Answer<T>> => {
    const what = next()
    if (what === 'forgotten') stored = undefined
    if (what === 'busy') return no('unavailable')
    if (what === 'lost') return no('unavailable')
    const said = await answer()
    return what === 'answer lost' || what === 'half' ? no('unavailable') : said
  }
  const api: UploadApi = {
    beginUpload: () =>
      through(async () => {
        stored ??= new Uint8Array()
        return done
      }),
    upload: () =>
      through(async (): Promise<Answer<rest.Upload>> => {
        if (stored === undefined) return no('not_found')
        const { length: offset } = stored
        const attachment = { id, name: 'a', mediaType: 'x/y', bytes: size }
        return {
          ok: true,
          value: {
            id,
            conversation,
            name: 'a',
            offset,
            length: size,
            ...(offset === size && { attachment }),
          },
        }
      }),
    appendUpload: (_, offset, bytes) => {
      const isHalf = mishaps.at(-1) === 'half'
      return through(async () => {
        if (stored === undefined) return no('not_found')
        if (stored.length !== offset) return no('conflict')
        const come = new Uint8Array(await bytes.arrayBuffer())
        stored = joined(stored, isHalf ? come.subarray(0, come.length >> 1) : come)
        return done
      })
    },
  }
  return { id, api, stored: () => stored }
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(a.length + b.length)
  both.set(a)
  both.set(b, a.length)
  return both
}

test('[C4] a file arrives whole, whatever is lost, doubled, cut or forgotten on the way, once trouble ends', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 0, max: 300_000 }),
      fc.array(mishap, { maxLength: 12 }),
      async (size, mishaps) => {
        const content = new Uint8Array(size).map((_, at) => (at * 7) >> 5)
        const { id, api, stored } = server(size, [...mishaps])
        const file = { id, name: 'a', mediaType: 'x/y', size }
        const seen: number[] = []
        const attempt = () =>
          uploadFile({
            api,
            clock: testClock(),
            conversation,
            file,
            bytes: new Blob([content]),
            isWanted: () => true,
            onProgress: (sent) => seen.push(sent),
          })
        let outcome = await attempt()
        // Each attempt meets at least one mishap, and there is an end of them.
        for (let n = 0; outcome.is === 'later' && n <= mishaps.length; n += 1) outcome = await attempt()
        expect(outcome).toEqual({ is: 'whole' })
        expect(stored()?.length).toBe(size)
        expect(Buffer.from(stored() ?? []).equals(Buffer.from(content))).toBe(true)
        expect(seen.at(-1)).toBe(size)
        expect(Math.max(...seen)).toBeLessThanOrEqual(size)
      },
    ),
    { numRuns: 200 },
  )
})

test.each(['forbidden', 'archived', 'not_friends', 'too_large', 'invalid', 'not_found', 'conflict'] as const)(
  '[C3] an upload that is answered "%s" at the door is refused',
  async (code) => {
    const { id, api } = server(10, [])
    const uploaded = await uploadFile({
      api: { ...api, beginUpload: async () => no(code) },
      clock: testClock(),
      conversation,
      file: { id, name: 'a', mediaType: 'x/y', size: 10 },
      bytes: new Blob(['0123456789']),
      isWanted: () => true,
      onProgress: () => undefined,
    })
    expect(uploaded).toEqual({ is: 'refused', code, message: code })
  },
)

test.each(['unauthenticated', 'rate_limited', 'internal', 'unavailable'] as const)(
  '[C4] an upload that is answered "%s" waits',
  async (code) => {
    const { id, api } = server(10, [])
    const uploaded = await uploadFile({
      api: { ...api, appendUpload: async () => ({ ok: false, code, message: '', retryAfter: 7000 }) },
      clock: testClock(),
      conversation,
      file: { id, name: 'a', mediaType: 'x/y', size: 10 },
      bytes: new Blob(['0123456789']),
      isWanted: () => true,
      onProgress: () => undefined,
    })
    expect(uploaded).toEqual({ is: 'later', retryAfter: 7000 })
  },
)
