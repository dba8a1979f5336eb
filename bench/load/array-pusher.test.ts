import { expect, test } from 'vitest'
import * as Y from 'yjs'
import { ArrayPusher } from './array-pusher.ts'

test('a pusher writes byte for byte what a Yjs document emits for the same pushes', () => {
  const doc = new Y.Doc()
  const emitted: Uint8Array[] = []
  doc.on('update', (update: Uint8Array) => emitted.push(update))
  const array = doc.getArray('outbox')
  const pusher = new ArrayPusher('outbox', doc.clientID)
  const pushes = [[{ id: 'a', at: 1_800_000_000_000 }], [{ id: 'b' }, { id: 'c', text: 'ü' }], [{ id: 'd' }]]
  for (const [index, entries] of pushes.entries()) {
    array.push(entries)
    expect(pusher.push(entries)).toEqual(emitted[index])
  }
})

test('pushes go on after the server has taken the earlier entries out', () => {
  const server = new Y.Doc()
  const outbox = server.getArray('outbox')
  const pusher = new ArrayPusher('outbox', 7)
  Y.applyUpdate(server, pusher.push([{ id: 'a' }]))
  outbox.delete(0, 1)
  Y.applyUpdate(server, pusher.push([{ id: 'b' }]))
  expect(outbox.toJSON()).toEqual([{ id: 'b' }])
})
