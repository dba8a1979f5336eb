import {
  type Attachment,
  type ConversationId,
  type Draft,
  EMPTY_TIP,
  type Event,
  type EventId,
  EVERYONE_LIMIT,
  heir,
  type Mention,
  type Millis,
  seal,
  type Tip,
  type UserId,
} from '@parley/protocol'
import { nodeSha256 } from '../../apps/server/src/log/sha256.ts'
import type { Random } from '../../test/kit/random.ts'
import { Crowd } from './crowd.ts'
import { idAt, mostlyFew, skewed } from './draw.ts'
import type { SeededUser } from './people.ts'
import type { Plan } from './plan.ts'
import { type Language, REACTIONS, type Speech } from './words.ts'

type MessageDraft = Draft & { type: 'message' }
type ReactionDraft = Draft & { type: 'reaction' }

/** How many messages back people still answer and react to. */
const REMEMBERED = 40
const MEDIA = [
  ['image/jpeg', 'photo.jpg'],
  ['image/png', 'screenshot.png'],
  ['application/pdf', 'report.pdf'],
  ['text/plain', 'notes.txt'],
] as const

/**
 * One conversation as it comes about: people come and go, speak, answer, mention and react, as the
 * rules allow. What it says is a log like any other, sealed in its chain.
 */
export class Talk {
  readonly plan: Plan
  readonly crowd = new Crowd()
  readonly #random: Random
  readonly #speech: Speech
  readonly #language: Language
  readonly #users: readonly SeededUser[]
  readonly #handles: ReadonlyMap<UserId, string>
  readonly #comers: number[]
  readonly #recent: MessageDraft[] = []
  readonly #reactions: ReactionDraft[] = []
  #author: UserId
  #tip: Tip = EMPTY_TIP

  constructor(
    plan: Plan,
    users: readonly SeededUser[],
    handles: ReadonlyMap<UserId, string>,
    random: Random,
    speech: Speech,
  ) {
    this.plan = plan
    this.#random = random
    this.#speech = speech
    this.#language = speech.language()
    this.#users = users
    this.#handles = handles
    this.#comers = plan.people.slice(plan.founders).toReversed()
    this.#author = this.creator
  }

  get id(): ConversationId {
    return this.plan.id
  }

  get tip(): Tip {
    return this.#tip
  }

  get creator(): UserId {
    return this.#user(this.plan.people[0])
  }

  /** Who wrote one of the last messages. */
  authorOf(message: EventId): UserId | undefined {
    return this.#recent.find(({ id }) => id === message)?.author
  }

  /** Everything said before `time` that has not been said yet; `onSaid` sees each when it is the last. */
  until(time: Millis, onSaid: (event: Event) => void): Event[] {
    const { events, from, to } = this.plan
    const said: Event[] = []
    while (this.#tip.seq < events) {
      const at = from + Math.floor(((to - from) * this.#tip.seq) / events)
      if (at >= time) break
      for (const event of seal(this.#tip, this.#next(at), at, nodeSha256)) {
        this.#tip = event
        this.crowd.take(event)
        onSaid(event)
        said.push(event)
      }
    }
    return said
  }

  #next(at: Millis): Draft[] {
    const { kind, events } = this.plan
    const { chance, below } = this.#random
    if (this.#tip.seq === 0) return this.#begin(at)
    if (kind !== 'direct') {
      // The last of them comes when nine tenths have been said.
      const places = Math.max(1, Math.ceil(events * 0.9) - this.#tip.seq)
      if (below(places) < this.#comers.length) return [this.#come(at)]
      if (chance(0.004)) return this.#change(at)
    }
    return [chance(0.16) ? this.#react(at) : this.#say(at)]
  }

  #begin(at: Millis): Draft[] {
    const { kind, people, founders } = this.plan
    const author = this.creator
    const title = kind === 'direct' ? {} : { title: this.#speech.title(this.#language) }
    const topic =
      kind === 'channel' && this.#random.chance(0.5) ? { topic: this.#speech.title(this.#language) } : {}
    return [
      { id: this.#id(at), type: 'meta', author, kind, ...title, ...topic },
      ...people.slice(0, founders).map((place, n): Draft => {
        const [role, cause] = n === 0 ? (['owner', 'created'] as const) : (['member', 'added'] as const)
        return { id: this.#id(at), type: 'member', author, user: this.#user(place), role, cause }
      }),
    ]
  }

  #come(at: Millis): Draft {
    const user = this.#user(this.#comers.pop())
    const [author, cause] =
      this.plan.kind === 'channel' ? ([user, 'joined'] as const) : ([this.crowd.owner, 'added'] as const)
    return { id: this.#id(at), type: 'member', author, user, role: 'member', cause }
  }

  /** Somebody goes, is sent away or gets a role, or the topic changes. */
  #change(at: Millis): Draft[] {
    const { chance, pick } = this.#random
    const { present, members, owner } = this.crowd
    const id = this.#id(at)
    if (chance(0.2)) return [{ id, type: 'meta', author: owner, topic: this.#speech.title(this.#language) }]
    const user = pick(present)
    const role = members.get(user)?.role
    if (role === 'member' && chance(0.2))
      return [{ id, type: 'member', author: owner, user, role: 'admin', cause: 'role' }]
    if (present.length < 4) return [this.#say(at)]
    if (role !== 'owner') {
      const [author, cause] = chance(0.3) ? ([owner, 'removed'] as const) : ([user, 'left'] as const)
      return [{ id, type: 'member', author, user, role: null, cause }]
    }
    const next = heir(members, user) ?? user
    return [
      { id, type: 'member', author: user, user, role: null, cause: 'left' },
      { id: this.#id(at), type: 'member', author: user, user: next, role: 'owner', cause: 'handover' },
    ]
  }

  #say(at: Millis): MessageDraft {
    const { chance, below } = this.#random
    const { present, members } = this.crowd
    // Half of the time the one who spoke goes on.
    if (!members.has(this.#author) || chance(0.5))
      this.#author = present[skewed(this.#random, present.length)] ?? this.crowd.owner
    const answered = chance(0.12) ? this.#recent.at(-1 - below(10)) : undefined
    const mentions = chance(0.08) ? this.#mention() : []
    const attachments = chance(0.02) ? [this.#attach(at)] : []
    const address = mentions.map((mention) => `@${this.#handles.get(mention as UserId) ?? mention} `).join('')
    const message: MessageDraft = {
      id: this.#id(at),
      type: 'message',
      author: this.#author,
      text: address + (attachments.length > 0 && chance(0.5) ? '' : this.#speech.text(this.#language)),
      // A few were written without a network and came hours later.
      writtenAt: at - (chance(0.01) ? below(3_600_000) : below(500)),
      ...(answered !== undefined && { replyTo: answered.id }),
      ...(mentions.length > 0 && { mentions }),
      ...(attachments.length > 0 && { attachments }),
    }
    if (this.#recent.push(message) > REMEMBERED) this.#recent.shift()
    return message
  }

  #mention(): Mention[] {
    const { chance, pick } = this.#random
    const { present } = this.crowd
    const mayAll = this.plan.kind !== 'channel' && present.length <= EVERYONE_LIMIT
    return chance(0.1) && mayAll ? ['everyone'] : [pick(present)]
  }

  #attach(at: Millis): Attachment {
    const { pick, below } = this.#random
    const [mediaType, name] = pick(MEDIA)
    const size = mediaType.startsWith('image/') ? { width: 640 + below(3000), height: 480 + below(2000) } : {}
    const bytes = mostlyFew(this.#random, 2_000, 20_000_000)
    return { id: this.#id(at), name: `${below(1000)}-${name}`, mediaType, bytes, ...size }
  }

  /** Reacts to something recent, or takes a reaction back; speaks where there is nothing to react to. */
  #react(at: Millis): Draft {
    const { chance, pick, below } = this.#random
    const back = chance(0.05) ? this.#reactions.pop() : undefined
    if (back !== undefined && this.crowd.members.has(back.author))
      return { ...back, id: this.#id(at), on: false }
    const to = this.#recent.at(-1 - below(5))?.id
    const author = pick(this.crowd.present)
    const emoji = pick(REACTIONS)
    const isSo = this.#reactions.some((it) => it.to === to && it.author === author && it.emoji === emoji)
    if (to === undefined || isSo) return this.#say(at)
    const reaction: ReactionDraft = { id: this.#id(at), type: 'reaction', author, to, emoji, on: true }
    if (this.#reactions.push(reaction) > REMEMBERED) this.#reactions.shift()
    return reaction
  }

  #id(at: Millis): EventId & Attachment['id'] {
    return idAt(this.#random, at)
  }

  #user(place: number | undefined): UserId {
    const user = this.#users[place ?? 0]
    if (user === undefined) throw new Error(`nobody is at place ${place}`)
    return user.id
  }
}
