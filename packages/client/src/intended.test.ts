import type { Command, ConversationId, Member, UserId } from '@parley/protocol'
import { expect, test } from 'vitest'
import type { Fate, FatedCommand } from './fate.ts'
import { type Changeable, intended } from './intended.ts'
import { ana, ben, conversation } from './testing/logs.ts'

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
const meant = (command: Meant, state: 'saved' | 'refused' = 'saved'): FatedCommand => {
  count += 1
  const id = `00000000-0000-7000-8000-${String(count).padStart(12, '0')}` as Command['id']
  const fate: Fate =
    state === 'saved' ? { state } : { state, code: 'forbidden', message: 'not allowed', at: 1 }
  return { id, command: { id, createdAt: 1, conversation, ...command }, fate }
}
const roles = ({ members }: Changeable) =>
  Object.fromEntries([...members].map(([id, { role }]) => [id, role]))

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
  expect(now).toEqual({ ...group, title: 'Voyage', topic: 'to the sea' })
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
})

test('[C3] what was refused, and leaving before the server knows of it, change nothing', () => {
  const commands = [
    meant({ type: 'conversation.update', title: 'Nonsense' }, 'refused'),
    meant({ type: 'member.remove', user: ben }, 'refused'),
    meant({ type: 'member.remove', user: ana }),
    meant({ type: 'message.send', text: 'hello' }),
  ]
  expect(intended(group, commands, ana)).toEqual(group)
})
