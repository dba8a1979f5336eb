import { type ConversationId, type UserId } from '@parley/protocol'
import { type Said, type Talk, talkOf, unreadOf, type World } from './world.ts'

/** All that one person can see, in a form that two ways of learning it can be compared in. */
export interface View {
  readonly conversations: Readonly<Record<ConversationId, ConversationView>>
  /** Of conversations they are not in: what they are answered. */
  readonly outside: Readonly<Record<ConversationId, string>>
  readonly channels: readonly object[]
  readonly friends: readonly UserId[]
  readonly requests: readonly object[]
  readonly blocks: readonly UserId[]
  /** Everybody of the run, as this person finds them; in a whole look only. */
  readonly people: readonly object[] | undefined
}

export interface ConversationView {
  readonly summary: object
  readonly members: readonly object[]
  readonly log: readonly object[]
  /** In a whole look only: the log's messages, and who has read its last event. */
  readonly messages: readonly object[] | undefined
  readonly readers: readonly UserId[] | undefined
  /** What the device holds; undefined for one that is offline. */
  readonly document: DocumentView | undefined
}

export interface DocumentView {
  readonly events: readonly object[]
  readonly members: object
  readonly meta: object
}

/** The answer to everything that is not one's own, whether it exists or not. */
export const FORBIDDEN = 'forbidden'

const byId = (one: { id: string }, other: { id: string }): number => (one.id < other.id ? -1 : 1)

export interface Looking {
  /** Every conversation that was meant, also those that never came to be. */
  readonly conversations: readonly ConversationId[]
  /** What the titles of the channels to find begin with. */
  readonly tag: string
  readonly isOnline: boolean
  /** Whether what follows from the rest is looked at too. */
  readonly isWhole: boolean
}

/** What the domain rules make `user` see. */
export function viewOf(world: World, user: UserId, looking: Looking): View {
  const { conversations, tag, isWhole } = looking
  const talks = [...world.conversations.values()]
  const own = talks.filter(({ id }) => talkOf(world, id, user) !== undefined)
  const outside = conversations.filter((id) => talkOf(world, id, user) === undefined)
  return {
    conversations: Object.fromEntries(own.map((talk) => [talk.id, viewOfTalk(talk, user, looking)])),
    outside: Object.fromEntries(outside.map((id) => [id, FORBIDDEN])),
    channels: talks
      .filter(
        (talk) => talk.kind === 'channel' && !talk.isDeleted && !talk.archived && talk.title.startsWith(tag),
      )
      .map(({ id, title, topic, members }) => ({
        id,
        title,
        topic,
        memberCount: members.size,
        isMember: members.has(user),
      }))
      .sort(byId),
    friends: [...world.people.keys()]
      .filter((other) => world.friends.has([user, other].sort().join(' ')))
      .sort(),
    requests: world.requests
      .filter(({ from, to, status }) => {
        // Of somebody one has blocked nothing is heard until the block ends.
        const isHidden = to === user && status === 'PENDING' && world.blocks.has(`${user} ${from}`)
        return (from === user || to === user) && !isHidden
      })
      .map(({ id, from, to, status }) => ({ id, from, to, status }))
      .sort(byId),
    blocks: [...world.people.keys()].filter((other) => world.blocks.has(`${user} ${other}`)).sort(),
    people: isWhole
      ? [...world.people].map(([id, { name, isDeleted }]) => ({ id, name, isDeleted })).sort(byId)
      : undefined,
  }
}

function viewOfTalk(talk: Talk, user: UserId, { isOnline, isWhole }: Looking): ConversationView {
  const { id, kind, title, topic, avatar, archived, posting, inviting, members, log } = talk
  const people = [...members.keys()].sort()
  const said = log.map((each, i) => ({ seq: i + 1, ...flat(each) }))
  return {
    summary: {
      id,
      kind,
      title,
      topic,
      avatar,
      archived,
      posting,
      inviting,
      lastSeq: log.length,
      lastEvent: said.at(-1),
      readSeq: members.get(user)?.read,
      ...unreadOf(talk, user),
      role: members.get(user)?.role,
      memberCount: members.size,
      members: kind === 'channel' ? [] : people,
    },
    members: people.map((each) => {
      const { role, since, read } = members.get(each) as NonNullable<ReturnType<typeof members.get>>
      return { user: each, role, since, readSeq: read }
    }),
    log: said,
    messages: isWhole ? said.filter(({ type }) => type === 'message') : undefined,
    readers: isWhole ? people.filter((each) => (members.get(each)?.read ?? 0) >= log.length) : undefined,
    document: isOnline ? documentOf(talk, said) : undefined,
  }
}

const flat = ({ id, type, author, payload }: Said): { type: string } & Record<string, unknown> => ({
  id,
  type,
  author,
  ...payload,
})

/** The last 128 to 255 events; a channel's members are too many to be in it. */
function documentOf({ kind, members, log }: Talk, said: readonly object[]): DocumentView {
  const first = log.length < 256 ? 0 : Math.floor(log.length / 128) * 128 - 128
  const meta: Record<string, unknown> = {}
  for (const { type, payload } of log) if (type === 'meta') Object.assign(meta, payload)
  return {
    events: said.slice(first),
    members:
      kind === 'channel'
        ? {}
        : Object.fromEntries([...members].map(([user, { role, since }]) => [user, { role, since }])),
    meta,
  }
}
