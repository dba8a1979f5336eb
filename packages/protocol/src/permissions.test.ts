import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { uuidOf } from '../../../test/kit/logs.ts'
import { random } from '../../../test/kit/random.ts'
import type { Member } from './conversation.ts'
import type { Kind, Role } from './events.ts'
import type { UserId } from './ids.ts'
import { type Action, can, EVERYONE_LIMIT, type Governed, heir, whyNot } from './permissions.ts'

const rng = random(1)
const [owner, owner2, admin, admin2, member, member2, outsider] = Array.from({ length: 7 }, () =>
  uuidOf<UserId>(rng),
) as [UserId, UserId, UserId, UserId, UserId, UserId, UserId]

const people: Record<string, UserId> = { owner, admin, member, outsider }
const membersOf = (kind: Kind): Map<UserId, Member> =>
  new Map<UserId, Member>(
    kind === 'direct'
      ? [
          [owner, { role: 'owner', since: 2 }],
          [member, { role: 'member', since: 3 }],
        ]
      : [
          [owner, { role: 'owner', since: 2 }],
          [admin, { role: 'admin', since: 3 }],
          [admin2, { role: 'admin', since: 4 }],
          [member, { role: 'member', since: 5 }],
          [member2, { role: 'member', since: 6 }],
        ],
  )

const conversationOf = (kind: Kind, changes: Partial<Governed> = {}): Governed => ({
  kind,
  archived: false,
  posting: 'members',
  inviting: 'admins',
  members: membersOf(kind),
  areFriends: true,
  ...changes,
})

/** Who of owner, admin, member and outsider may; in a direct conversation the two are owner and member. */
const whoMay = (action: Action, conversation: Governed): string =>
  Object.entries(people)
    .filter(([, user]) => can(user, action, conversation))
    .map(([name]) => name)
    .join(' ')

describe('the permission table of the domain rules, row by row: direct · group · channel', () => {
  const members = { direct: 'owner member', group: 'owner admin member', channel: 'owner admin member' }
  const admins = { direct: '', group: 'owner admin', channel: 'owner admin' }
  const owners = { direct: '', group: 'owner', channel: 'owner' }
  const table: [string, Action, Record<Kind, string>, Partial<Governed>?][] = [
    ['read, be present, mark read', { do: 'read' }, members],
    ['find and join', { do: 'join' }, { direct: '', group: '', channel: 'owner admin member outsider' }],
    ['send', { do: 'send' }, members],
    ['react', { do: 'react' }, members],
    ['attach', { do: 'attach' }, members],
    [
      'send, posting by admins',
      { do: 'send' },
      { ...members, channel: 'owner admin' },
      { posting: 'admins' },
    ],
    [
      'react, posting by admins',
      { do: 'react' },
      { ...members, channel: 'owner admin' },
      { posting: 'admins' },
    ],
    [
      'attach, posting by admins',
      { do: 'attach' },
      { ...members, channel: 'owner admin' },
      { posting: 'admins' },
    ],
    ['send, no longer friends', { do: 'send' }, { ...members, direct: '' }, { areFriends: false }],
    ['react, no longer friends', { do: 'react' }, { ...members, direct: '' }, { areFriends: false }],
    ['attach, no longer friends', { do: 'attach' }, { ...members, direct: '' }, { areFriends: false }],
    ['read, no longer friends', { do: 'read' }, members, { areFriends: false }],
    ['send, archived', { do: 'send' }, { direct: '', group: '', channel: '' }, { archived: true }],
    ['react, archived', { do: 'react' }, { direct: '', group: '', channel: '' }, { archived: true }],
    ['attach, archived', { do: 'attach' }, { direct: '', group: '', channel: '' }, { archived: true }],
    ['read, archived', { do: 'read' }, members, { archived: true }],
    ['unarchive', { do: 'update' }, admins, { archived: true }],
    ['add a member', add('member'), { direct: '', group: 'owner admin', channel: 'owner admin member' }],
    ['add a member, inviting by members', add('member'), { ...members, direct: '' }, { inviting: 'members' }],
    ['add an admin', add('admin'), admins, { inviting: 'members' }],
    ['add an owner', add('owner'), owners, { inviting: 'members' }],
    ['remove a member', { do: 'remove-member', user: member2 }, admins],
    ['remove an admin', { do: 'remove-member', user: admin2 }, owners],
    ['remove an owner', { do: 'remove-member', user: owner }, owners],
    ['leave', { do: 'leave' }, { direct: '', group: 'owner admin member', channel: 'owner admin member' }],
    ['rename, topic, archive', { do: 'update' }, admins],
    ['make a member admin', role(member2, 'admin'), admins],
    ['make a member owner', role(member2, 'owner'), owners],
    ['make an admin owner', role(admin2, 'owner'), owners],
    ['make an admin member', role(admin2, 'member'), owners],
    ['delete for everyone', { do: 'delete' }, owners],
  ]
  test.each(table)('%s', (_row, action, expected, changes) => {
    for (const kind of ['direct', 'group', 'channel'] as const)
      expect(`${kind}: ${whoMay(action, conversationOf(kind, changes))}`).toBe(`${kind}: ${expected[kind]}`)
  })

  function add(as: Role): Action {
    return { do: 'add-member', user: outsider, role: as }
  }
  function role(user: UserId, as: Role): Action {
    return { do: 'change-role', user, role: as }
  }
})

describe('@everyone', () => {
  const crowd = (size: number, kind: Kind): Governed => {
    const members = membersOf(kind)
    while (members.size < size) members.set(uuidOf<UserId>(rng), { role: 'member', since: 7 })
    return conversationOf(kind, { members })
  }
  const action: Action = { do: 'mention-everyone' }
  test('anybody in a group of at most 50, beyond that admins and owners', () => {
    expect(whoMay(action, crowd(EVERYONE_LIMIT, 'group'))).toBe('owner admin member')
    expect(whoMay(action, crowd(EVERYONE_LIMIT + 1, 'group'))).toBe('owner admin')
  })
  test('in a channel of any size admins and owners; in a direct conversation both', () => {
    expect(whoMay(action, conversationOf('channel'))).toBe('owner admin')
    expect(whoMay(action, conversationOf('direct'))).toBe('owner member')
  })
})

test('the reason says what would have to change', () => {
  expect(whyNot(member, { do: 'send' }, conversationOf('group', { archived: true }))).toBe('archived')
  expect(whyNot(member, { do: 'send' }, conversationOf('direct', { areFriends: false }))).toBe('not_friends')
  expect(whyNot(member, { do: 'update' }, conversationOf('group'))).toBe('forbidden')
})

test('[S2] the reason tells an outsider nothing of the state', () => {
  for (const kind of ['direct', 'group', 'channel'] as const)
    for (const action of [{ do: 'send' }, { do: 'read' }, { do: 'delete' }] as const)
      for (const changes of [{}, { archived: true }, { areFriends: false }])
        expect(whyNot(outsider, action, conversationOf(kind, changes))).toBe('forbidden')
})

const everyone = [owner, owner2, admin, admin2, member, member2]
const anyRole = fc.constantFrom<Role>('owner', 'admin', 'member')
const anyGoverned = fc
  .record({
    kind: fc.constantFrom<Kind>('direct', 'group', 'channel'),
    archived: fc.boolean(),
    posting: fc.constantFrom('members' as const, 'admins' as const),
    inviting: fc.constantFrom('members' as const, 'admins' as const),
    areFriends: fc.boolean(),
    roles: fc.uniqueArray(fc.tuple(fc.constantFrom(...everyone), anyRole, fc.nat(50)), {
      selector: ([user]) => user,
      minLength: 1,
    }),
  })
  .map(({ roles, ...rest }): Governed => ({
    ...rest,
    members: new Map(roles.map(([user, role, since]) => [user, { role, since }])),
  }))
const anyUser = fc.constantFrom(...everyone, outsider)
const anyAction: fc.Arbitrary<Action> = fc.oneof(
  fc.constantFrom<Action>(
    { do: 'read' },
    { do: 'join' },
    { do: 'send' },
    { do: 'react' },
    { do: 'attach' },
    { do: 'mention-everyone' },
    { do: 'leave' },
    { do: 'update' },
    { do: 'delete' },
  ),
  fc.record({
    do: fc.constantFrom('add-member' as const, 'change-role' as const),
    user: anyUser,
    role: anyRole,
  }),
  fc.record({ do: fc.constant('remove-member' as const), user: anyUser }),
)
const ownersOf = (members: ReadonlyMap<UserId, Member>): UserId[] =>
  [...members].filter(([, { role }]) => role === 'owner').map(([user]) => user)

describe('laws', () => {
  test('[S2] nobody outside may do anything but join a channel', () => {
    fc.assert(
      fc.property(anyGoverned, anyAction, (conversation, action) => {
        expect(can(outsider, action, conversation)).toBe(
          action.do === 'join' && conversation.kind === 'channel',
        )
      }),
    )
  })

  test('the last owner cannot vanish: whatever is permitted and done, an owner remains or nobody does', () => {
    fc.assert(
      fc.property(anyGoverned, fc.array(fc.tuple(anyUser, anyAction), { maxLength: 30 }), (start, steps) => {
        fc.pre(ownersOf(start.members).length > 0)
        let conversation = start
        for (const [actor, action] of steps) {
          // With the last member gone the conversation is deleted, and nobody comes to it any more.
          if (conversation.members.size === 0) return
          if (!can(actor, action, conversation)) continue
          conversation = { ...conversation, members: after(conversation, actor, action) }
          expect(ownersOf(conversation.members).length > 0 || conversation.members.size === 0).toBe(true)
        }
      }),
      { numRuns: 500 },
    )
  })

  test('nobody gives more than they have, or takes from somebody above them', () => {
    const rank = (role: Role | undefined): number => ['member', 'admin', 'owner'].indexOf(role ?? '')
    fc.assert(
      fc.property(anyGoverned, anyUser, anyUser, anyRole, (conversation, actor, user, role) => {
        const self = rank(conversation.members.get(actor)?.role)
        const target = rank(conversation.members.get(user)?.role)
        for (const action of ['add-member', 'change-role'] as const)
          if (can(actor, { do: action, user, role }, conversation))
            expect(self).toBeGreaterThanOrEqual(rank(role))
        if (actor !== user && can(actor, { do: 'remove-member', user }, conversation))
          expect(self > target || self === rank('owner')).toBe(true)
      }),
    )
  })

  test('removing oneself is leaving', () => {
    fc.assert(
      fc.property(anyGoverned, anyUser, (conversation, user) => {
        expect(can(user, { do: 'remove-member', user }, conversation)).toBe(
          can(user, { do: 'leave' }, conversation),
        )
      }),
    )
  })

  test('who takes over is the longest-standing admin, else the longest-standing member, never the one who leaves', () => {
    fc.assert(
      fc.property(anyGoverned, ({ members }) => {
        const leaving = ownersOf(members)[0]
        fc.pre(leaving !== undefined && ownersOf(members).length === 1)
        const next = heir(members, leaving)
        if (next === undefined) {
          expect([...members.keys()]).toEqual([leaving])
          return
        }
        const others = [...members].filter(([user]) => user !== leaving).map(([, other]) => other)
        const best = others.some(({ role }) => role === 'admin') ? 'admin' : 'member'
        const since = Math.min(...others.filter(({ role }) => role === best).map((other) => other.since))
        expect(next).not.toBe(leaving)
        expect(members.get(next)).toEqual({ role: best, since })
        expect(heir(new Map([...members].toReversed()), leaving)).toBe(next)
      }),
    )
  })
})

/** What the action makes of the members, by the words of the domain rules. */
function after({ members }: Governed, actor: UserId, action: Action): ReadonlyMap<UserId, Member> {
  const next = new Map(members)
  switch (action.do) {
    case 'join':
      if (!next.has(actor)) next.set(actor, { role: 'member', since: 99 })
      return next
    case 'add-member':
      if (!next.has(action.user)) next.set(action.user, { role: action.role, since: 99 })
      return next
    case 'change-role':
      if (next.has(action.user)) next.set(action.user, { role: action.role, since: 1 })
      return next
    case 'leave':
    case 'remove-member': {
      const gone = action.do === 'leave' ? actor : action.user
      next.delete(gone)
      const successor = ownersOf(next).length === 0 ? heir(members, gone) : undefined
      if (successor !== undefined) next.set(successor, { role: 'owner', since: 1 })
      return next
    }
    case 'delete':
      return new Map()
    case 'read':
    case 'send':
    case 'react':
    case 'attach':
    case 'mention-everyone':
    case 'update':
      return next
  }
}
