import { newId, type NotificationId, type rest } from '@parley/protocol'
import { beforeEach, expect, test } from 'vitest'
import { openAcknowledging } from './acknowledging.ts'
import type { Answer } from '../connection/api.ts'
import { memoryStore } from '../store/memory-store.ts'
import { type Notifications, openNotifications } from './notifications.ts'
import { watchSaving } from '../store/saving.ts'
import { testClock } from '../testing/clock.ts'
import { ben } from '../testing/logs.ts'

const settle = () => new Promise((resolve) => setImmediate(resolve))
const OK: Answer<undefined> = { ok: true, value: undefined }

let clock: ReturnType<typeof testClock>
let notifications: Notifications
let asked: NotificationId[]
let answer: Answer<undefined>
let isLive: boolean
let expired: number

/** What waits, as the server has told it. */
const tell = (count: number): NotificationId[] =>
  Array.from({ length: count }, () => {
    const notification: rest.Notification = { id: newId(), kind: 'friend_request', actor: ben, at: 1 }
    notifications.change({ is: 'told', notification })
    return notification.id
  })
const start = () =>
  openAcknowledging({
    api: {
      acknowledge: async (id) => {
        asked.push(id)
        return answer
      },
    },
    notifications,
    clock,
    random: () => 0,
    isLive: () => isLive,
    onUnauthenticated: () => (expired += 1),
  })

beforeEach(async () => {
  clock = testClock()
  asked = []
  answer = OK
  isLive = true
  expired = 0
  notifications = await openNotifications({
    store: memoryStore(),
    saving: watchSaving(clock),
    readSeq: () => 0,
    isAnswered: () => false,
  })
})

test('[R3] the server is told of what was seen, each once, and of nothing else', async () => {
  const acknowledging = start()
  const first = tell(20)
  notifications.seen(first)
  const [other] = tell(1)
  await settle()
  expect(asked.toSorted()).toEqual(first.toSorted())
  expect(notifications.untold()).toEqual([])
  expect(notifications.view.get().waiting.map(({ id }) => id)).toEqual([other])
  acknowledging.close()
})

test('without a connection it waits, and goes on when there is one', async () => {
  isLive = false
  const acknowledging = start()
  const ids = tell(2)
  notifications.seen(ids)
  await settle()
  expect([asked, notifications.untold()]).toEqual([[], ids])
  isLive = true
  acknowledging.wake()
  await settle()
  expect([asked, notifications.untold()]).toEqual([ids, []])
})

test('[C4] a server that cannot answer now is told again, later each time, and not before it says', async () => {
  const acknowledging = start()
  answer = { ok: false, code: 'unavailable', message: 'away' }
  const [id] = tell(1)
  notifications.seen([id as NotificationId])
  await settle()
  for (const wait of [500, 1000, 2000]) {
    const before = asked.length
    clock.advance(wait - 1)
    await settle()
    expect(asked.length).toBe(before)
    clock.advance(1)
    await settle()
    expect(asked.length).toBe(before + 1)
  }
  expect(notifications.view.get().waiting).toEqual([])
  answer = { ok: false, code: 'rate_limited', message: 'slower', retryAfter: 60_000 }
  clock.advance(4000)
  await settle()
  const before = asked.length
  answer = OK
  clock.advance(59_999)
  await settle()
  expect(asked.length).toBe(before)
  clock.advance(1)
  await settle()
  expect(notifications.untold()).toEqual([])
  acknowledging.close()
})

test('what the server will never take is not said for ever; a session that has ended is told of', async () => {
  const acknowledging = start()
  answer = { ok: false, code: 'invalid', message: 'no' }
  notifications.seen(tell(1))
  await settle()
  expect([asked.length, notifications.untold()]).toEqual([1, []])
  answer = { ok: false, code: 'unauthenticated', message: 'no' }
  const ids = tell(1)
  notifications.seen(ids)
  await settle()
  expect([expired, notifications.untold()]).toEqual([1, ids])
  acknowledging.close()
})
