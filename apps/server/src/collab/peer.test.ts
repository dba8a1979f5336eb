import type { Duplex } from 'node:stream'
import { expect, test } from 'vitest'
import type { WebSocket } from 'ws'
import { FrameWriter } from './frame.ts'
import { Peer } from './peer.ts'

/** A socket whose other side answers nothing. */
function silent(isPaused: boolean) {
  let isTerminated = false
  const socket = {
    OPEN: 1,
    readyState: 1,
    isPaused,
    send: () => undefined,
    terminate: () => {
      isTerminated = true
    },
  }
  const peer = new Peer(socket as unknown as WebSocket, {} as Duplex, new FrameWriter(), undefined, Date.now)
  return { peer, isTerminated: () => isTerminated }
}

test('a socket that answers no ping is ended at the next', () => {
  const { peer, isTerminated } = silent(false)
  peer.beat()
  expect(isTerminated()).toBe(false)
  peer.beat()
  expect(isTerminated()).toBe(true)
})

test('[C4] a socket that is held back for sending too much is not taken for a dead one', () => {
  const { peer, isTerminated } = silent(true)
  peer.beat()
  peer.beat()
  expect(isTerminated()).toBe(false)
})
