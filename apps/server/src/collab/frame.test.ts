import { PassThrough } from 'node:stream'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import * as ws from 'ws'
import { FrameWriter, toFrame } from './frame.ts'

/** The reader of another implementation, as a client has it. */
interface FrameReader {
  on(event: 'message', listener: (data: Buffer, isBinary: boolean) => void): void
  write(bytes: Buffer): void
}

/** What ws makes of bytes from a server. */
function received(bytes: Buffer): Promise<{ data: Buffer; isBinary: boolean }> {
  // Exported, and not among the types.
  const { Receiver } = ws as unknown as { Receiver: new (options: object) => FrameReader }
  const reader = new Receiver({ binaryType: 'nodebuffer', isServer: false })
  return new Promise((resolve) => {
    reader.on('message', (data, isBinary) => resolve({ data, isBinary }))
    reader.write(bytes)
  })
}

test('a message of any length is one binary frame, as another implementation reads it', async () => {
  const lengths = fc.oneof(fc.nat(300), fc.constantFrom(0, 1, 125, 126, 127, 65_535, 65_536, 70_000))
  await fc.assert(
    fc.asyncProperty(lengths, fc.nat(255), async (length, fill) => {
      const message = Buffer.alloc(length, fill)
      expect(await received(toFrame(message))).toEqual({ data: message, isBinary: true })
    }),
    { numRuns: 60 },
  )
})

test('what goes to many is framed once, leaves together, and the next message is not mistaken for it', async () => {
  const frames = new FrameWriter()
  const streams = [new PassThrough(), new PassThrough()] as const
  const [one, other] = [new Uint8Array([1]), new Uint8Array([2])]
  for (const message of [one, other, one]) for (const stream of streams) frames.write(stream, message)
  expect(streams.map((stream) => stream.readableLength)).toEqual([0, 0])
  await new Promise((resolve) => {
    setImmediate(resolve)
  })
  for (const stream of streams) {
    expect([...(stream.read() as Buffer)]).toEqual([0x82, 1, 1, 0x82, 1, 2, 0x82, 1, 1])
  }
  frames.write(streams[0], other)
  await new Promise((resolve) => {
    setImmediate(resolve)
  })
  expect([...(streams[0].read() as Buffer)]).toEqual([0x82, 1, 2])
})
