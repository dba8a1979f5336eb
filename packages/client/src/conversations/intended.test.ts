import type { Command, ConversationId, Member, UserId } from '@parley/protocol'
import { expect, test } from 'vitest'
import type { Fate, FatedCommand } from '../outbox/fate.ts'
import { type Changeable, type Intended, intended } from './intended.ts'
import { ana, ben, conversation } from '../testing/logs.ts'

const cem = '00000000-0000-7000-8000-00000000000c' as UserId
const group: Changeable = {
  title: 'Trip',
  topic: '',
  avatar: '',
  archived: false,
  posting: 'members',
  inviting: 'admins',
  members: new Map<UserId, Member>([
    [ana, { role: 'owner', since: 1 }],
    [ben, { role: 'member', since: 2 }],
  ]),
  memberCount: 2,
}

type Meant<C = Command> = C extends Command & { conversation: ConversationId }
  ? Omit<C, 'id' | 'createdAt' | 'conversation'>
  : never
let count = 0
const meant = (command: Meant, state: 'saved' | 'accepted' | 'refused' = 'saved'): FatedCommand => {
  count += 1
  const id = `00000000-0000-7000-8000-${String(count).padStart(12, '0')}` as Command['id']
  const fate: Fate =
    state !== 'refused' ? { state } : { state, code: 'forbidden', message: 'not allowed', at: 1 }
  return { id, command: { id, createdAt: 1, conversation, ...command }, fate }
}
const roles = ({ members }: Changeable) =>
  Object.fromEntries([...members].map(([id, { role }]) => [id, role]))

/** Without what is about waiting. */
const plain = (now: Intended) => {
  const { changing: _, changingMembers: __, going: ___, ...rest } = now
  return rest
}

test('[C5] what one changes shows at once, the last word of several', () => {
  const now = intended(
    group,
    [
      meant({ type: 'conversation.update', title: 'Journey', topic: 'to the sea' }),
      meant({ type: 'conversation.update', archived: true }),
      meant({ type: 'conversation.update', title: 'Voyage', archived: false }),
    ],
    ana,
  )
  expect(plain(now)).toEqual({ ...group, title: 'Voyage', topic: 'to the sea' })
  expect([...now.changing]).toEqual(['title', 'topic', 'archived'])
})

test('[C5] who is invited, given a role and removed shows at once, and how many there are', () => {
  const now = intended(
    group,
    [
      meant({ type: 'member.add', user: cem }),
      meant({ type: 'member.add', user: ben, role: 'admin' }),
      meant({ type: 'member.role', user: cem, role: 'admin' }),
      meant({ type: 'member.remove', user: ben }),
    ],
    ana,
  )
  expect([roles(now), now.memberCount]).toEqual([{ [ana]: 'owner', [cem]: 'admin' }, 2])
  expect([...now.changingMembers]).toEqual([
    [cem, 'adding'],
    [ben, 'removing'],
  ])
})

test('[C3] what was refused changes nothing, nor does what is said', () => {
  const commands = [
    meant({ type: 'conversation.update', title: 'Nonsense' }, 'refused'),
    meant({ type: 'member.remove', user: ben }, 'refused'),
    meant({ type: 'member.remove', user: ana }, 'refused'),
    meant({ type: 'conversation.delete' }, 'refused'),
    meant({ type: 'message.send', text: 'hello' }),
  ]
  const now = intended(group, commands, ana)
  expect(plain(now)).toEqual(group)
  expect([now.changing.size, now.changingMembers.size, now.going]).toEqual([0, 0, undefined])
})

test('[C5] who leaves is out at once, who joins is in, and who deletes has nothing left', () => {
  const leaving = intended(group, [meant({ type: 'member.remove', user: ana })], ana)
  expect([leaving.going, roles(leaving)]).toEqual(['leaving', { [ben]: 'member' }])
  const joining = intended({ ...group, members: new Map() }, [meant({ type: 'member.add', user: ana })], ana)
  expect([joining.going, roles(joining)]).toEqual(['joining', { [ana]: 'member' }])
  const deleting = intended(group, [meant({ type: 'conversation.delete' })], ana)
  expect([deleting.going, deleting.members.size]).toEqual(['deleting', 0])
})

test('what the server has taken no longer waits, and shows until its event is here', () => {
  const now = intended(group, [meant({ type: 'conversation.update', title: 'Voyage' }, 'accepted')], ana)
  expect([now.title, now.changing.size]).toEqual(['Voyage', 0])
})
