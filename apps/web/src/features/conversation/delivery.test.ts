import type { Fate, MessageItem } from '@parley/client'
import type { EventId, UserId } from '@parley/protocol'
import { expect, test } from 'vitest'
import { deliveryOf, readersOf } from './delivery.ts'

const [self, ana, ben, gone] = ['self', 'ana', 'ben', 'gone'] as UserId[] as [UserId, UserId, UserId, UserId]
const message = (place: MessageItem['place']): MessageItem => ({
  kind: 'message',
  id: 'm' as EventId,
  author: self,
  text: 'x',
  writtenAt: 0,
  mentions: [],
  attachments: [],
  files: [],
  reactions: [],
  place,
})
const pending = (fate: Fate): MessageItem => message({ state: 'pending', fate })

test('[C6] a message counts as saved here only once it is on disk', () => {
  expect(deliveryOf(pending({ state: 'unsaved' }), new Map()).state).toBe('unsaved')
  expect(deliveryOf(pending({ state: 'saved' }), new Map()).state).toBe('saved')
  expect(deliveryOf(pending({ state: 'failed-to-save', fault: 'quota' }), new Map()).state).toBe('not-saved')
})

test('[L3] a message counts as sent only once the server has answered', () => {
  expect(deliveryOf(pending({ state: 'sent' }), new Map()).state).toBe('saved')
  expect(deliveryOf(pending({ state: 'accepted' }), new Map()).state).toBe('sent')
})

test('[C3] a refused message is shown with its refusal', () => {
  const fate = { state: 'refused', code: 'archived', message: '', at: 1 } as const
  expect(deliveryOf(pending(fate), new Map())).toEqual({ state: 'not-sent', fate })
})

test('read by are the members, other than oneself, whose position has reached it', () => {
  const reads = new Map([
    [self, 9],
    [ana, 5],
    [ben, 4],
    [gone, 9],
  ])
  const readers = readersOf(reads, new Set([self, ana, ben]), self)
  const item = message({ state: 'said', seq: 5, at: 0 })
  expect(deliveryOf(item, readers)).toEqual({ state: 'read', by: [ana] })
  expect(deliveryOf(message({ state: 'said', seq: 6, at: 0 }), readers)).toEqual({ state: 'sent' })
})
