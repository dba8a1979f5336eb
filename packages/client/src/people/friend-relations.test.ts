import { type FriendCommand, type FriendRequestId, newId, type rest, type UserId } from '@parley/protocol'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { afterCommands, type Relations, relationsOf } from './friend-relations.ts'
import { ana, ben } from '../testing/logs.ts'

const cem = '00000000-0000-7000-8000-00000000000c' as UserId
const others = [ben, cem]

const user = (id: UserId): rest.User => ({ id, username: id.slice(-3), name: id.slice(-1) })
let clock = 0
type Meant<C = FriendCommand> = C extends FriendCommand ? Omit<C, 'id' | 'createdAt'> : never
const means = (command: Meant): FriendCommand => ({ id: newId(), createdAt: (clock += 1), ...command })
const is = (of: Relations) => Object.fromEntries([...of].map(([id, relation]) => [id.slice(-1), relation.is]))

/** The server, as its tables are: rows of its own, decided by the rules of the domain. */
function server() {
  const friends = new Set<UserId>()
  let requests: { id: FriendRequestId; from: UserId; to: UserId; at: number }[] = []
  const blocks = new Set<string>()
  const between = (a: UserId, b: UserId) =>
    requests.filter(({ from, to }) => (from === a && to === b) || (from === b && to === a))
  const befriend = (a: UserId, b: UserId) => {
    friends.add(a === ana ? b : a)
    requests = requests.filter((each) => !between(a, b).includes(each))
  }
  const other = (a: UserId, b: UserId) => (a === ana ? b : a)
  return {
    act(author: UserId, command: FriendCommand) {
      if (command.type === 'friend.answer') {
        const row = requests.find(({ id, to }) => id === command.request && to === author)
        if (row === undefined || (command.accept && blocks.has(`${author} ${row.from}`))) return
        requests = requests.filter((each) => each !== row)
        if (command.accept) befriend(author, row.from)
        return
      }
      const to = command.user
      const them = other(author, to)
      switch (command.type) {
        case 'friend.request':
          if (blocks.has(`${author} ${to}`) || friends.has(them)) return
          if (requests.some((each) => each.from === author && each.to === to)) return
          if (requests.some((each) => each.from === to && each.to === author)) return befriend(author, to)
          requests.push({ id: command.id as string as FriendRequestId, from: author, to, at: 1 })
          return
        case 'friend.remove':
          friends.delete(them)
          return
        case 'user.block':
          blocks.add(`${author} ${to}`)
          friends.delete(them)
          requests = requests.filter((each) => !(each.from === author && each.to === to))
          return
        case 'user.unblock':
          blocks.delete(`${author} ${to}`)
      }
    },
    hasAsked: (from: UserId) => requests.some((each) => each.from === from),
    lists: (): Relations =>
      relationsOf(
        ana,
        [...friends].map((id) => ({ ...user(id), since: 1 })),
        requests
          .filter(({ from, to }) => to !== ana || !blocks.has(`${ana} ${from}`))
          .map(({ id, from, to, at }) => ({
            id,
            from: user(from),
            to: user(to),
            status: 'PENDING',
            createdAt: at,
          })),
        others.filter((id) => blocks.has(`${ana} ${id}`)).map((id) => ({ user: user(id), at: 1 })),
      ),
  }
}

const deed = fc.record({
  user: fc.constantFrom(...others),
  type: fc.constantFrom('friend.request', 'accept', 'decline', 'friend.remove', 'user.block', 'user.unblock'),
})
type Deed = typeof deed extends fc.Arbitrary<infer T> ? T : never

/** Ana's command, with the answer going to the request that she sees; undefined: there is nothing to answer. */
function commandOf({ user: to, type }: Deed, seen: Relations): FriendCommand | undefined {
  if (type !== 'accept' && type !== 'decline') return means({ type: type as 'friend.request', user: to })
  const shown = seen.get(to)
  return shown?.is === 'incoming'
    ? means({ type: 'friend.answer', request: shown.request, accept: type === 'accept' })
    : undefined
}

describe('what somebody is to a person', () => {
  test('[C5] what one does shows as the server is going to decide it', () => {
    const seen = new Set<string>()
    fc.assert(
      fc.property(
        fc.array(fc.record({ before: deed, byThem: fc.boolean() })),
        fc.array(deed),
        (past, deeds) => {
          const there = server()
          for (const { before, byThem } of past) {
            if (byThem && (before.type === 'accept' || before.type === 'decline')) continue
            const command = byThem
              ? means({ type: before.type as 'friend.request', user: ana })
              : commandOf(before, there.lists())
            if (command !== undefined) there.act(byThem ? before.user : ana, command)
          }
          let shown = there.lists()
          // What somebody asked whom one had blocked already, the server does not tell.
          const isHidden = (id: UserId) => shown.get(id)?.is === 'blocked' && there.hasAsked(id)
          const hidden = new Set(others.filter(isHidden))
          for (const each of deeds) {
            const command = hidden.has(each.user) ? undefined : commandOf(each, shown)
            if (command === undefined) continue
            shown = afterCommands(shown, ana, [command])
            there.act(ana, command)
            expect(is(shown)).toEqual(is(there.lists()))
          }
          for (const relation of shown.values()) seen.add(relation.is)
        },
      ),
      { numRuns: 500 },
    )
    expect([...seen].toSorted()).toEqual(['blocked', 'friend', 'incoming', 'outgoing'])
  })

  test('[C1] lists that hold the effect of waiting commands already show the same with them as without', () => {
    fc.assert(
      fc.property(fc.array(deed), fc.nat(), (deeds, taken) => {
        const there = server()
        there.act(ben, means({ type: 'friend.request', user: ana }))
        const commands: FriendCommand[] = []
        for (const each of deeds) {
          const command = commandOf(each, afterCommands(there.lists(), ana, commands))
          if (command !== undefined) commands.push(command)
        }
        const expected = is(afterCommands(there.lists(), ana, commands))
        // The server has taken all of them, and the device has heard so of the first `taken`.
        for (const command of commands) there.act(ana, command)
        expect(is(there.lists())).toEqual(expected)
        if (taken >= commands.length) expect(is(afterCommands(there.lists(), ana, []))).toEqual(expected)
      }),
    )
  })

  test('who is in two of the server’s lists, asked one after the other, is one thing only', () => {
    const request = { id: newId<FriendRequestId>(), status: 'PENDING', createdAt: 1 } as const
    const lists = relationsOf(
      ana,
      [{ ...user(ben), since: 1 }],
      [
        { ...request, from: user(ben), to: user(ana) },
        { ...request, from: user(ana), to: user(cem) },
        { ...request, from: user(cem), to: user(ana) },
      ],
      [],
    )
    expect(is(lists)).toEqual({ b: 'friend', c: 'incoming' })
    expect(is(relationsOf(ana, [{ ...user(ben), since: 1 }], [], [{ user: user(ben), at: 1 }]))).toEqual({
      b: 'blocked',
    })
  })

  test('[C5] a request to who has asked makes friends; a block hides what they ask, and its end shows it again', () => {
    const asked: Relations = new Map([[ben, { is: 'incoming', request: newId<FriendRequestId>(), at: 1 }]])
    const after = (...commands: Meant[]) => is(afterCommands(asked, ana, commands.map(means)))
    expect(after({ type: 'friend.request', user: ben })).toEqual({ b: 'friend' })
    expect(after({ type: 'user.block', user: ben })).toEqual({ b: 'blocked' })
    expect(after({ type: 'user.block', user: ben }, { type: 'user.unblock', user: ben })).toEqual({
      b: 'incoming',
    })
    expect(after({ type: 'user.block', user: ben }, { type: 'friend.request', user: ben })).toEqual({
      b: 'blocked',
    })
    expect(after({ type: 'friend.request', user: ana })).toEqual({ b: 'incoming' })
  })
})
