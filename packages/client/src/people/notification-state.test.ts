import { type ConversationId, newId, type NotificationId, type rest } from '@parley/protocol'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  afterChange,
  NO_NOTIFICATIONS,
  type NotificationChange,
  type NotificationState,
  visible,
} from './notification-state.ts'
import { ben, conversation } from '../testing/logs.ts'

const all = Array.from({ length: 6 }, (_, n): rest.Notification => ({
  id: `00000000-0000-7000-8000-00000000000${n}` as NotificationId,
  kind: 'mention',
  actor: ben,
  at: n,
  conversation: conversation satisfies ConversationId,
  seq: n + 1,
  event: newId(),
}))
const idOf = (n: number): NotificationId => (all[n] as rest.Notification).id
const shown = (state: NotificationState) => visible(state, () => false).map(({ id }) => id)
const after = (...changes: NotificationChange[]) => changes.reduce(afterChange, NO_NOTIFICATIONS)

test('what was seen or withdrawn does not come back with a list that was asked for before, nor with a late word', () => {
  const list: NotificationChange = { is: 'listed', notifications: all.slice(0, 3), since: [] }
  const state = after(list, { is: 'seen', ids: [idOf(0)] }, { is: 'gone', ids: [idOf(0), idOf(1)] }, list)
  expect(shown(state)).toEqual([idOf(2)])
  expect(state.seen).toEqual([])
  expect(shown(afterChange(state, { is: 'told', notification: all[1] as rest.Notification }))).toEqual([
    idOf(2),
  ])
})

test('what was told while the list was asked for stays, though the list does not have it', () => {
  const told: NotificationChange = { is: 'told', notification: all[3] as rest.Notification }
  expect(shown(after(told, { is: 'listed', notifications: all.slice(0, 1), since: [idOf(3)] }))).toEqual([
    idOf(0),
    idOf(3),
  ])
  expect(shown(after(told, { is: 'listed', notifications: all.slice(0, 1), since: [] }))).toEqual([idOf(0)])
})

test('[R3] in any order of words, answers, tabs and restarts: what was seen stays seen, and all agree in the end', () => {
  const seen = { acknowledged: 0, stale: 0 }
  const n = fc.nat(5)
  const steps = fc.array(
    fc.oneof(
      fc.record({ do: fc.constantFrom('notify', 'notify', 'ask', 'answer', 'lose', 'elsewhere'), n }),
      fc.record({
        do: fc.constantFrom('see', 'see', 'tell', 'restart'),
        n,
        tab: fc.constantFrom(0 as const, 1 as const),
      }),
    ),
    { minLength: 10, maxLength: 40, size: 'max' },
  )
  fc.assert(
    fc.property(steps, (taken) => {
      const server = new Map<NotificationId, rest.Notification>()
      const ever = new Set<NotificationId>()
      const acknowledged = new Set<NotificationId>()
      let disk = NO_NOTIFICATIONS
      /** The first leads. */
      const tabs = [NO_NOTIFICATIONS, NO_NOTIFICATIONS]
      let asked: { list: rest.Notification[]; since: NotificationId[] } | undefined
      const change = (next: NotificationChange) => {
        disk = afterChange(disk, next)
        for (const each of [0, 1]) tabs[each] = afterChange(tabs[each] as NotificationState, next)
      }
      const answer = () => {
        if (asked === undefined) return
        if (asked.list.some(({ id }) => !server.has(id))) seen.stale += 1
        change({ is: 'listed', notifications: asked.list, since: asked.since })
        asked = undefined
      }
      const tell = () => {
        for (const id of (tabs[0] as NotificationState).seen) {
          server.delete(id)
          change({ is: 'gone', ids: [id] })
        }
      }
      for (const step of taken) {
        const notification = all[step.n] as rest.Notification
        const { id } = notification
        switch (step.do) {
          case 'notify':
            if (ever.has(id)) break
            ever.add(id)
            server.set(id, notification)
            asked?.since.push(id)
            change({ is: 'told', notification })
            break
          case 'elsewhere':
            server.delete(id)
            if (ever.has(id)) change({ is: 'gone', ids: [id] })
            break
          case 'lose':
            // Withdrawn while this device had no connection: nothing tells it, and no question of before is answered.
            server.delete(id)
            asked = undefined
            break
          case 'ask':
            asked = { list: [...server.values()], since: [] }
            break
          case 'answer':
            answer()
            break
          case 'see': {
            const list = shown(tabs[step.tab] as NotificationState)
            const looked = list[step.n % Math.max(1, list.length)]
            if (looked === undefined) break
            acknowledged.add(looked)
            change({ is: 'seen', ids: [looked] })
            break
          }
          case 'tell':
            tell()
            break
          case 'restart':
            tabs[step.tab] = afterChange(NO_NOTIFICATIONS, { is: 'whole', state: disk })
            break
        }
        for (const tab of tabs) expect(shown(tab).filter((each) => acknowledged.has(each))).toEqual([])
      }
      asked = { list: [...server.values()], since: [] }
      answer()
      tell()
      const expected = [...server.keys()].toSorted()
      for (const state of [...tabs, disk]) {
        expect(shown(state)).toEqual(expected)
        expect(state.seen).toEqual([])
      }
      for (const id of acknowledged) expect(server.has(id)).toBe(false)
      seen.acknowledged += acknowledged.size
    }),
    { numRuns: 500 },
  )
  expect(seen.acknowledged).toBeGreaterThan(50)
  expect(seen.stale).toBeGreaterThan(10)
})
