import {
  type AttachmentId,
  type ConversationId,
  directConversationId,
  type EventId,
  type Millis,
  newId,
  rest,
  type UserId,
} from '@parley/protocol'
import pg from 'pg'
import { createPasswords } from '../../../apps/server/src/auth/passwords.ts'
import { hashSecret } from '../../../apps/server/src/auth/secrets.ts'
import { type Ask, toAnswer } from '../../kit/api.ts'
import { becomes, startDevice, type TestDevice } from '../../kit/client.ts'
import { begin, idOf, send } from '../../kit/tus.ts'
import { at, AWAY_SINCE, fixedId, NOW, PASSWORD, PEOPLE, type Who } from './people.ts'
import { HIKE, type Line, type Talk, TALKS } from './talks.ts'

const EVERYBODY = Object.keys(PEOPLE) as Who[]
const ids = (who: readonly Who[]): UserId[] => who.map((each) => PEOPLE[each].id)

interface ServerToFill {
  readonly url: string
  readonly databaseUrl: string
  /** Turns the server's clock. */
  readonly turn: (now: Millis) => void
  readonly hasEmoji: boolean
}

export interface World {
  readonly askAs: (who: Who) => Ask
  /** A device of somebody's beside the pictures: while it is open, they are online. */
  readonly device: (who: Who) => Promise<TestDevice>
  /** By the title of a group or channel, or who else is in the direct conversation. */
  readonly conversation: (name: string) => ConversationId
}

interface Step {
  readonly at: Millis
  readonly take: () => Promise<unknown>
}

/**
 * Fills an empty server with people who know each other and what they have said. Accounts are put into the
 * tables, for the sake of their ids; everything else is asked of the server as any program would, each thing
 * at its time, because the server says when something was said.
 */
export async function fillWorld({ url, databaseUrl, turn, hasEmoji }: ServerToFill): Promise<World> {
  const tokens = await enrol(databaseUrl)
  const tokenOf = (who: Who): string => tokens.get(who) ?? ''
  const askAs = (who: Who) => asking(url, tokenOf(who))
  const device = (who: Who) => startDevice({ url, token: tokenOf(who) })
  const talks = hasEmoji ? TALKS : TALKS.map(withoutReactions)
  const steps = [
    ...friendships(askAs),
    ...talks.flatMap((talk, index) => stepsOf(talk, index, askAs)),
    ...devicesOfAna(url),
    { at: AWAY_SINCE, take: () => leaveThings(device) },
  ]
  for (const step of steps.toSorted((a, b) => a.at - b.at)) {
    turn(step.at)
    await step.take()
  }
  await readOn(askAs)
  turn(NOW)
  return { askAs, device, conversation: (name) => conversationNamed(name) }
}

/** Accounts, with the price of a single password hash, and a token each. */
async function enrol(databaseUrl: string): Promise<ReadonlyMap<Who, string>> {
  const hash = await createPasswords().hash(PASSWORD)
  const tokens = new Map(EVERYBODY.map((who) => [who, `prl_${who.padEnd(43, 'x')}`] as const))
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    for (const [who, { id, username, name, lastActiveAt }] of Object.entries(PEOPLE)) {
      await client.query(
        `INSERT INTO users (id, email, username, name, created_at, last_active_at) VALUES ($1, $2, $3, $4, $5, $6)`,
        [id, `${username}@example.org`, username, name, at(90, '08:00'), lastActiveAt],
      )
      await client.query(`INSERT INTO credentials (user_id, password_hash, changed_at) VALUES ($1, $2, $3)`, [
        id,
        hash,
        at(90, '08:00'),
      ])
      await client.query(
        `INSERT INTO tokens (id, user_id, secret_hash, name, created_at) VALUES ($1, $2, $3, 'Station display', $4)`,
        [newId(), id, hashSecret(tokens.get(who as Who) ?? ''), at(20, '08:00')],
      )
    }
  } finally {
    await client.end()
  }
  return tokens
}

const asking =
  (url: string, token: string): Ask =>
  async (method, path, body, headers = {}) => {
    const isBytes = body instanceof Uint8Array
    const response = await fetch(`${url}${path}`, {
      method,
      headers: {
        Authorization: `Bearer ${token}`,
        ...(body !== undefined && !isBytes && { 'Content-Type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: isBytes ? new Uint8Array(body) : JSON.stringify(body) }),
    })
    const answer = await toAnswer(`${method} ${path}`, response)
    if (!response.ok)
      throw new Error(`${method} ${path} answered ${response.status}: ${JSON.stringify(answer.body)}`)
    return answer
  }

const withoutReactions = (talk: Talk): Talk => ({
  ...talk,
  lines: talk.lines.map((line) => ({ ...line, reactions: {} })),
})

type AskAs = (who: Who) => Ask

function friendships(askAs: AskAs): Step[] {
  const request = (from: Who, to: Who, when: Millis): Step => ({
    at: when,
    take: () => askAs(from)('POST', '/api/friend-requests', { user: PEOPLE[to].id }),
  })
  const friends: readonly Who[] = ['ben', 'chiara', 'layla', 'noam', 'max', 'dmitri', 'mei']
  return [
    ...friends.flatMap((friend, n) => [
      request(friend, 'ana', at(60 - n, '10:00')),
      request('ana', friend, at(60 - n, '11:00')),
    ]),
    request('tomas', 'ana', at(2, '16:20')),
    request('priya', 'ana', at(0, '08:55')),
    request('ana', 'jonas', at(1, '09:00')),
    request('ana', 'soren', at(12, '09:00')),
    { at: at(25, '12:00'), take: () => askAs('ana')('PUT', `/api/blocks/${PEOPLE.deals.id}`) },
  ]
}

function stepsOf(talk: Talk, index: number, askAs: AskAs): Step[] {
  const [founder, ...others] = talk.members
  const conversation = idOfTalk(talk)
  const first = talk.lines[0]?.at ?? NOW
  const last = talk.lines.at(-1)?.at ?? NOW
  const { kind, title, topic, admins = [], changes } = talk
  const path = `/api/conversations/${conversation}`
  const given = kind === 'direct' ? { kind } : { id: conversation, kind, title, ...(topic && { topic }) }
  // Long before, so that the first page of a conversation begins with a day of its own.
  const made = first - 26 * 3_600_000
  return [
    {
      at: made,
      take: async () => {
        await askAs(founder)('POST', '/api/conversations', { ...given, members: ids(others) })
        for (const admin of admins)
          await askAs(founder)('PATCH', `${path}/members/${PEOPLE[admin].id}`, { role: 'admin' })
        if (changes !== undefined && changes.archived === undefined)
          await askAs(founder)('PATCH', path, changes)
      },
    },
    ...talk.lines.map((line, n) => ({ at: line.at, take: () => say(talk, line, n, index, askAs) })),
    ...(changes?.archived === undefined
      ? []
      : [{ at: last + 1, take: () => askAs(founder)('PATCH', path, changes) }]),
  ]
}

async function say(talk: Talk, line: Line, n: number, index: number, askAs: AskAs): Promise<void> {
  const conversation = idOfTalk(talk)
  const idOfLine = (place: number): EventId => fixedId(0x100 + index, place)
  const path = `/api/conversations/${conversation}/events`
  const attachments: AttachmentId[] = []
  for (const [place, file] of (line.files ?? []).entries()) {
    const id = fixedId<AttachmentId>(0x300 + index, n * 16 + place)
    const bytes = await file.make()
    const who = { ask: askAs(line.by) }
    const wish = { conversation, id, filename: file.name, filetype: file.type }
    attachments.push(idOf(await begin(who, wish, bytes.length)))
    await send(who, id, 0, bytes)
  }
  const mentions = line.mentions?.length === 0 ? ['everyone'] : line.mentions && ids(line.mentions)
  await askAs(line.by)(
    'POST',
    path,
    {
      type: 'message',
      text: line.text,
      ...(line.replyTo !== undefined && { replyTo: idOfLine(line.replyTo) }),
      ...(mentions && { mentions }),
      ...(attachments.length > 0 && { attachments }),
    },
    { 'Idempotency-Key': idOfLine(n) },
  )
  for (const [emoji, people] of Object.entries(line.reactions ?? {}))
    for (const who of people)
      await askAs(who)('POST', path, { type: 'reaction', to: idOfLine(n), emoji, on: true })
}

const idOfTalk = (talk: Talk): ConversationId =>
  talk.kind === 'direct' ? directConversationId(...pair(talk)) : talk.id

function pair({ members }: Talk): [UserId, UserId] {
  const [one, other] = ids(members)
  if (one === undefined || other === undefined) throw new Error('two are in a direct conversation')
  return [one, other]
}

function conversationNamed(name: string): ConversationId {
  const talk = TALKS.find(({ kind, title, members }) =>
    kind === 'direct' ? members.some((who) => who === name) : title === name,
  )
  if (talk === undefined) throw new Error(`nobody talks in "${name}"`)
  return idOfTalk(talk)
}

const BROWSERS = [
  'Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.0 Mobile/15E148 Safari/604.1',
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:149.0) Gecko/20100101 Firefox/149.0',
]

/** She is signed in elsewhere, too. */
const devicesOfAna = (url: string): Step[] =>
  BROWSERS.map((browser, n) => ({
    at: at(11 - n * 4, '18:30'),
    take: async () => {
      const body = JSON.stringify({ login: PEOPLE.ana.username, password: PASSWORD })
      const headers = { 'Content-Type': 'application/json', 'User-Agent': browser, Origin: url }
      const response = await fetch(`${url}/api/sessions`, { method: 'POST', headers, body })
      if (!response.ok) throw new Error(`signing in was answered ${response.status}`)
    },
  }))

/** What Ana had done when she was here last: read everything, begun to write something, made one place silent. */
async function leaveThings(device: World['device']): Promise<void> {
  const [writing, watching] = await Promise.all([device('ana'), device('ana')])
  const { account } = writing
  const draft = [idOfTalk(HIKE), 'I could ask my sister for the second'] as const
  await becomes(account.conversations, (list) => list.state === 'known' && list.conversations.length > 0)
  const list = account.conversations.get()
  if (list.state === 'known') for (const { id, lastSeq } of list.conversations) account.markRead(id, lastSeq)
  account.setDraft(...draft)
  account.setNotificationLevel(conversationNamed('Photography'), 'none')
  account.mute(conversationNamed('Flat 12'), at(-30, '08:00'))
  account.seenAll()
  await becomes(watching.account.draft(draft[0]), (text) => text === draft[1])
  await becomes(watching.account.preferences, ({ mutedUntil }) => mutedUntil.size > 0)
  await becomes(
    watching.account.notifications,
    ({ waiting, isComplete }) => isComplete && waiting.length === 0,
  )
  writing.client.close()
  watching.client.close()
}

/** The others have read what Ana said, all but a few of them. */
async function readOn(askAs: AskAs): Promise<void> {
  for (const talk of TALKS) {
    const conversation = idOfTalk(talk)
    for (const who of talk.members.filter((each) => each !== 'ana' && each !== 'max')) {
      const path = `/api/conversations/${conversation}`
      const { lastSeq } = (await askAs(who)('GET', path)).as(rest.conversationSummary)
      await askAs(who)('PUT', `${path}/read`, { seq: lastSeq })
    }
  }
}
