import { expect, test } from 'vitest'
import { openSocket } from './socket.ts'
import { testClock } from '../testing/clock.ts'
import { testSockets } from '../testing/sockets.ts'

async function opened() {
  const clock = testClock()
  const { made, WebSocket } = testSockets()
  const socket = openSocket({ url: 'https://x', clock, WebSocket, random: () => 0 })
  socket.start()
  await expect.poll(() => made.length === 1).toBe(true)
  made[0]?.open()
  return { clock, made, socket }
}

test('[C4] a connection that opens and on which the account is never let in is let go, ever more rarely tried again', async () => {
  const { clock, made, socket } = await opened()
  clock.advance(29_999)
  expect(socket.link.get()).toEqual({ state: 'connecting', attempt: 0 })
  clock.advance(1)
  expect(socket.link.get()).toEqual({ state: 'waiting', retryAt: clock.now() + 500, attempt: 1 })
  expect(made[0]?.readyState).toBe(3)
  clock.advance(500)
  await expect.poll(() => made.length === 2).toBe(true)
  made[1]?.open()
  clock.advance(30_000)
  expect(socket.link.get()).toEqual({ state: 'waiting', retryAt: clock.now() + 1000, attempt: 2 })
  socket.close()
})

test('a connection on which the account was let in is kept', async () => {
  const { clock, made, socket } = await opened()
  socket.ready()
  clock.advance(60_000)
  expect(socket.link.get().state).toBe('live')
  expect(made[0]?.readyState).toBe(1)
  socket.close()
})
