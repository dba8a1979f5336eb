import {
  accountDocument,
  conversationDocument,
  type ConversationId,
  conversationRoots,
  EMPTY_TIP,
  type Event,
  findChainFault,
  lastSeqOf,
  rest,
  type UserId,
} from '@parley/protocol'
import type { z } from 'zod'
import type { Actor } from '../kit/doors.ts'
import { nodeSha256 } from '../kit/logs.ts'
import type { Opened } from '../kit/sync-server.ts'
import { within } from './patience.ts'
import type { ConversationView, DocumentView, Looking, View } from './view.ts'

export interface Observing extends Looking {
  readonly people: readonly UserId[]
  /** The whole text of each log as the first who looked was given it: the others must be given the same [L2]. */
  readonly logs: Map<ConversationId, readonly Event[]>
}

/** Everything that `actor` can see, asked of the server and read from the documents on their device. */
export async function observe(actor: Actor, observing: Observing): Promise<View> {
  const { people, conversations, tag, isWhole } = observing
  const list = await get(actor, '/api/conversations?limit=200', rest.conversationList)
  const ids = list.conversations.map(({ id }) => id)
  const outside = conversations.filter((id) => !ids.includes(id))
  const { friends } = await get(actor, '/api/friends', rest.friendList)
  const { friendRequests } = await get(actor, '/api/friend-requests?limit=200', rest.friendRequestList)
  const { blocks } = await get(actor, '/api/blocks', rest.blockList)
  const { channels } = await get(actor, `/api/channels?q=${encodeURIComponent(tag)}`, rest.channelList)
  const found = isWhole ? await get(actor, `/api/users?ids=${people.join(',')}`, rest.userList) : undefined
  const own: [ConversationId, ConversationView][] = []
  for (const summary of list.conversations)
    own.push([summary.id, await observeTalk(actor, summary, observing)])
  const shut: [ConversationId, string][] = []
  for (const id of outside) shut.push([id, await knock(actor, id, observing)])
  return {
    conversations: Object.fromEntries(own),
    outside: Object.fromEntries(shut),
    channels: channels.toSorted(byId),
    friends: friends.map(({ id }) => id).sort(),
    requests: friendRequests
      .map(({ id, from, to, status }) => ({ id, from: from.id, to: to.id, status }))
      .sort(byId),
    blocks: blocks.map(({ user }) => user.id).sort(),
    people: found?.users
      .map(({ id, name, deleted }) => ({ id, name, isDeleted: deleted === true }))
      .sort(byId),
  }
}

const byId = (one: { id: string }, other: { id: string }): number => (one.id < other.id ? -1 : 1)

async function get<S extends z.ZodType>(actor: Actor, path: string, schema: S): Promise<z.infer<S>> {
  return (await actor.ask('GET', path)).as(schema)
}

async function observeTalk(
  actor: Actor,
  summary: rest.ConversationSummary,
  { logs, isOnline, isWhole }: Observing,
): Promise<ConversationView> {
  const path = `/api/conversations/${summary.id}`
  const { events } = await get(actor, `${path}/events?after=0&limit=1000`, rest.eventPage)
  const { members } = await get(actor, `${path}/members?limit=1000`, rest.memberList)
  checkLog(summary, events, logs)
  const more = isWhole ? await readMore(actor, path, events) : { messages: undefined, readers: undefined }
  const { lastHash: _lastHash, lastAt: _lastAt, lastEvent, topic = '', avatar = '', ...rest_ } = summary
  return {
    summary: {
      ...rest_,
      topic,
      avatar,
      lastEvent: lastEvent && plain(lastEvent),
      members: summary.members.map(({ id }) => id).sort(),
    },
    members: members.map(({ user, role, since, readSeq }) => ({ user, role, since, readSeq })),
    log: events.map(plain),
    ...more,
    document: isOnline ? await readDocument(actor, summary.id, events) : undefined,
  }
}

async function readMore(actor: Actor, path: string, events: readonly Event[]) {
  const { messages } = await get(actor, `${path}/messages?after=0&limit=1000`, rest.messagePage)
  const { reads } = await get(actor, `${path}/events/${events.at(-1)?.id}/reads`, rest.readerPage)
  return { messages: messages.map(plain), readers: reads.map(({ user }) => user).sort() }
}

/** Whole, chained, and what everybody else was given. */
function checkLog(
  { id, lastHash, lastAt }: rest.ConversationSummary,
  events: readonly Event[],
  logs: Map<ConversationId, readonly Event[]>,
): void {
  const fault = findChainFault(EMPTY_TIP, events, nodeSha256)
  if (fault !== undefined) throw new Error(`[L1, L5, L7] the log of ${id}: ${JSON.stringify(fault)}`)
  const last = events.at(-1)
  if (last?.hash !== lastHash || last.at !== lastAt)
    throw new Error(
      `the list has another end of ${id} than its log: ${JSON.stringify([last, lastHash, lastAt])}`,
    )
  const theirs = logs.get(id)
  if (theirs === undefined) logs.set(id, events)
  else if (JSON.stringify(theirs) !== JSON.stringify(events))
    throw new Error(`[L2] two people see two logs of ${id}`)
}

/** The device's document once it has come to the end of the log; then it has to hold what the log holds. */
async function readDocument(actor: Actor, id: ConversationId, log: readonly Event[]): Promise<DocumentView> {
  const opened = await openAgain(actor, id, (each) => lastSeqOf(each.doc) >= log.length)
  const { events, members, meta } = conversationRoots(opened.doc)
  const window = events.toArray()
  const held = log.slice(-window.length)
  if (
    window.length > 0 &&
    JSON.stringify(held.map(({ hash }) => hash)) !== JSON.stringify(window.map(({ hash }) => hash))
  )
    throw new Error(`[L2] the document of ${id} on ${actor.name}'s device is not the end of its log`)
  return { events: window.map(plain), members: members.toJSON(), meta: meta.toJSON() }
}

/** Somebody who was removed and let in again opens what was closed to them once more. */
async function openAgain(
  actor: Actor,
  id: ConversationId,
  isThere: (opened: Opened) => boolean,
): Promise<Opened> {
  const name = conversationDocument(id)
  for (let tries = 0; tries < 3; tries += 1) {
    const opened = actor.device().open(name)
    const isShut = (): boolean => refusalsOf(opened).length > 0
    await within(
      `${actor.name}'s document of ${id}`,
      opened.until(() => isThere(opened) || isShut()),
    )
    if (!isShut()) return opened
    actor.device().leave(name)
  }
  throw new Error(`a member is denied ${id}: ${actor.name}`)
}

/** Why a document was denied or closed. */
const refusalsOf = ({ denied, closed }: Opened): readonly string[] => [...denied, ...closed]

/** What somebody outside is answered at every door of a conversation: always the same one thing, or this says what not. */
async function knock(actor: Actor, id: ConversationId, { isOnline, isWhole }: Looking): Promise<string> {
  const answers = new Set<string>()
  for (const path of isWhole ? ['', '/events', '/messages', '/members'] : ['/events'])
    answers.add((await actor.ask('GET', `/api/conversations/${id}${path}`)).error.code)
  if (isOnline) {
    const opened = actor.device().open(conversationDocument(id))
    await within(
      `that ${id} is closed to ${actor.name}`,
      opened.until(() => refusalsOf(opened).length > 0),
    )
    for (const reason of refusalsOf(opened)) answers.add(reason)
    // The next look asks anew.
    actor.device().leave(conversationDocument(id))
  }
  return [...answers].join(' ')
}

/** An event without what only the server knows, or the sender's clock. */
function plain(event: Event): object {
  const { hash: _hash, at: _at, ...said } = event
  if (said.type !== 'message') return said
  const { writtenAt: _writtenAt, ...message } = said
  return message
}

/** Waits until the device is connected and has what the server knows of its account. */
export async function untilSynced(actor: Actor): Promise<void> {
  const opened = actor.device().open(accountDocument(actor.id))
  await within(
    `${actor.name}'s account`,
    opened.until(() => opened.provider.isSynced),
  )
}
