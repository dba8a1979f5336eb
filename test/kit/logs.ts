import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import {
  type ConversationId,
  type Draft,
  EMPTY_TIP,
  event,
  type Event,
  type EventId,
  type Kind,
  type Mention,
  type Role,
  seal,
  type Sha256,
  type UserId,
} from '@parley/protocol'
import { type Random, random } from './random.ts'

export const nodeSha256: Sha256 = {
  hex: (text) => createHash('sha256').update(text).digest('hex'),
  bytes: (text) => createHash('sha256').update(text).digest(),
}

/** Texts that have broken a store, an encoding or a layout somewhere before. */
export const TEXTS = [
  'Good morning',
  'see you at **nine**, `main.ts` in hand',
  'العربية من اليمين إلى اليسار 123',
  'שלום \u200fעולם\u200e!',
  '👩‍👩‍👧‍👦 🏳️‍🌈 🇺🇳 👍🏽',
  'e\u0301 is not é',
  '日本語、中文、한국어',
  'tab\tand\nnew line and "quotes" and \\ backslash',
  '\u0001\u001f\u007f\u2028\u2029\ufeff',
  '  spaces around  ',
  '<script>alert(1)</script> & <b>',
  '𝒽𝒾 \u{10ffff}',
  '',
  'a long one: ' + 'word '.repeat(60),
]
const EMOJI = ['👍', '❤️', '🏳️‍🌈', ':parley:', '+1']
const ROLES: readonly Role[] = ['owner', 'admin', 'member']

/**
 * The log of a conversation as people could have made it: all types of event, members who come,
 * go and change roles, renames, archiving, replies, mentions, attachments. The same arguments
 * give the same log.
 */
export function makeLog(seed: number, length: number, kind: Kind = 'group'): Event[] {
  const rng = random(seed)
  const people = Array.from({ length: kind === 'direct' ? 2 : 9 }, () => uuidOf<UserId>(rng))
  const [founder, second] = people as [UserId, UserId]
  const members = new Map<UserId, Role>()
  const said: EventId[] = []
  const log: Event[] = []
  let now = 1_760_000_000_000

  const draft = (): Draft => {
    const id = uuidOf<EventId>(rng)
    if (log.length === 0)
      return { id, type: 'meta', author: founder, kind, title: rng.pick(TEXTS.slice(0, 7)) }
    if (log.length === 1)
      return { id, type: 'member', author: founder, user: founder, role: 'owner', cause: 'created' }
    if (log.length === 2)
      return { id, type: 'member', author: founder, user: second, role: 'member', cause: 'created' }
    const author = rng.pick([...members.keys()])
    const choice = rng.below(100)
    if (choice < 65 || kind === 'direct') return choice < 80 ? message(id, author) : reaction(id, author)
    if (choice < 80) return reaction(id, author)
    return choice < 95 ? membership(id, author) : meta(id, author)
  }
  const message = (id: EventId, author: UserId): Draft => {
    said.push(id)
    const mentions: Mention[] = rng.chance(0.2)
      ? [rng.pick(people), ...(rng.chance(0.2) ? ['everyone' as const] : [])]
      : []
    return {
      id,
      type: 'message',
      author,
      text: rng.pick(TEXTS),
      writtenAt: Math.max(0, now - rng.below(100_000)),
      ...(rng.chance(0.2) && said.length > 1 && { replyTo: rng.pick(said.slice(0, -1)) }),
      ...(mentions.length > 0 && { mentions }),
      ...(rng.chance(0.1) && {
        attachments: [
          {
            id: uuidOf(rng),
            name: 'réumé 1.pdf',
            mediaType: 'application/pdf',
            bytes: rng.below(5_000_000_000),
          },
          {
            id: uuidOf(rng),
            name: '猫.png',
            mediaType: 'image/png',
            bytes: 1 + rng.below(99_999),
            width: 640,
            height: 480,
          },
        ],
      }),
    }
  }
  const reaction = (id: EventId, author: UserId): Draft => ({
    id,
    type: 'reaction',
    author,
    to: said.length > 0 ? rng.pick(said) : id,
    emoji: rng.pick(EMOJI),
    on: rng.chance(0.8),
  })
  const membership = (id: EventId, author: UserId): Draft => {
    const user = rng.pick(people)
    const role = members.get(user)
    if (role === undefined)
      return {
        id,
        type: 'member',
        author,
        user,
        role: 'member',
        cause: kind === 'channel' ? 'joined' : 'added',
      }
    if (rng.chance(0.5)) return { id, type: 'member', author, user, role: rng.pick(ROLES), cause: 'role' }
    if (user === founder) return { id, type: 'member', author, user, role: 'owner', cause: 'handover' }
    return { id, type: 'member', author, user, role: null, cause: user === author ? 'left' : 'removed' }
  }
  const meta = (id: EventId, author: UserId): Draft => ({
    id,
    type: 'meta',
    author,
    ...(rng.chance(0.5) && { title: `Title ${rng.below(1000)} 🏷️` }),
    ...(rng.chance(0.4) && { topic: rng.pick(TEXTS) }),
    ...(rng.chance(0.2) && { avatar: `attachment/${rng.below(1000)}` }),
    ...(rng.chance(0.3) && { archived: rng.chance(0.5) }),
    ...(rng.chance(0.2) && { posting: rng.pick(['members', 'admins'] as const) }),
    ...(rng.chance(0.2) && { inviting: rng.pick(['members', 'admins'] as const) }),
  })

  while (log.length < length) {
    now += rng.below(3) === 0 ? 0 : rng.below(60_000)
    const next = draft()
    log.push(...seal(log.at(-1) ?? EMPTY_TIP, [next], now, nodeSha256))
    if (next.type !== 'member') continue
    if (next.role === null) members.delete(next.user)
    else members.set(next.user, next.role)
  }
  return log
}

/** A well-formed id that depends on nothing but the seed. */
export function uuidOf<Id extends UserId | EventId | ConversationId | string>(rng: Random): Id {
  const hex = Array.from({ length: 32 }, () => rng.below(16).toString(16)).join('')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-7${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}` as Id
}

/** The logs that record-golden-log.ts once made, as they stand in the repository. */
export function recordedLogs(): Record<Kind, Event[]> {
  const file = new URL('../../packages/protocol/src/golden/log.json', import.meta.url)
  const logs = JSON.parse(readFileSync(file, 'utf8')) as Record<Kind, unknown>
  const parse = (kind: Kind): Event[] => event.array().parse(logs[kind])
  return { group: parse('group'), channel: parse('channel'), direct: parse('direct') }
}
