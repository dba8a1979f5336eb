import type { ConversationId, Event, UserId } from '@parley/protocol'

/*
 * Messages as people would write them, made by a seed: words by Zipf's law out of 50,000 and of 3 to 17 a message,
 * every tenth message in Chinese, one in fifty with a file; 50 people in 200 conversations of very different
 * length, over three years.
 */

export const CONVERSATIONS = 200
const PEOPLE = 50
const SYLLABLES = 'ka ro mi te lu san ber dol wi nex pra ost gen fi tum ar el ion sch qu'.split(' ')

const idOf = (kind: string, number: number): string =>
  `00000000-0000-7000-8000-${kind}${number.toString(16).padStart(11, '0')}`
export const userAt = (number: number): UserId => idOf('a', number) as UserId
export const conversationAt = (number: number): ConversationId => idOf('c', number) as ConversationId

/** The word of this rank: the first is the most common. */
export function wordAt(rank: number): string {
  let word = ''
  for (let left = rank + 20; left > 0; left = Math.floor(left / 20)) word += SYLLABLES[left % 20] ?? ''
  return word
}
const VOCABULARY = Array.from({ length: 50_000 }, (_, rank) => wordAt(rank))
export const signAt = (rank: number): string => String.fromCodePoint(0x4e00 + rank)

/** Numbers in [0, 1), the same for the same seed (mulberry32). */
function randomOf(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** How many messages each conversation has: by Zipf's law too, `total` together. */
export function lengthsOf(total: number): readonly number[] {
  const weights = Array.from({ length: CONVERSATIONS }, (_, number) => 1 / (number + 1))
  const sum = weights.reduce((a, b) => a + b)
  return weights.map((weight) => Math.max(1, Math.round((total * weight) / sum)))
}

const SPAN = 3 * 365 * 86_400_000
const END = Date.UTC(2026, 9, 1)

/** One conversation's log, in parts of `size`. The hashes are none: they are checked where events enter, not here. */
export function* logOf(conversation: number, length: number, size: number): Iterable<readonly Event[]> {
  const random = randomOf(conversation + 1)
  const zipf = (count: number): number => Math.floor(Math.exp(random() * Math.log(count))) - 1
  const text = (): string => {
    const count = 3 + Math.floor(random() * 15)
    if (random() < 0.1) return Array.from({ length: 2 * count }, () => signAt(zipf(3000))).join('')
    return Array.from({ length: count }, () => VOCABULARY[zipf(VOCABULARY.length)]).join(' ')
  }
  for (let from = 1; from <= length; from += size) {
    yield Array.from({ length: Math.min(size, length - from + 1) }, (_, index): Event => {
      const seq = from + index
      const id = idOf('e', conversation * 2 ** 24 + seq) as Event['id']
      const at = Math.floor(END - SPAN + (SPAN * (seq - random())) / length)
      const file = {
        id: id as never,
        name: `${wordAt(zipf(5000))}.pdf`,
        mediaType: 'application/pdf',
        bytes: 1,
      }
      return {
        seq,
        id,
        type: 'message',
        author: userAt(zipf(PEOPLE)),
        at,
        writtenAt: at,
        hash: seq.toString(36).padStart(22, '-'),
        text: text(),
        ...(random() < 0.02 && { attachments: [file] }),
      }
    })
  }
}

/** What is asked, by what it is. */
export const QUESTIONS: readonly {
  readonly what: string
  readonly typed: string
  readonly author?: number
  readonly conversation?: number
}[] = [
  { what: 'the most common word', typed: `"${wordAt(0)}"` },
  { what: 'a common word', typed: `"${wordAt(50)}"` },
  { what: 'a rare word', typed: `"${wordAt(40_000)}"` },
  { what: 'a word that nobody wrote', typed: '"zzzzzz"' },
  { what: 'three letters of a word', typed: wordAt(0).slice(0, 3) },
  { what: 'five letters of a word', typed: wordAt(500).slice(0, 5) },
  { what: 'two common words', typed: `${wordAt(5)} "${wordAt(9)}"` },
  { what: 'a common and a rare word', typed: `${wordAt(0)} "${wordAt(30_000)}"` },
  { what: 'a phrase of two common words', typed: `"${wordAt(0)} ${wordAt(1)}"` },
  { what: 'a common word and the beginning of one', typed: `${wordAt(0)} ${wordAt(400).slice(0, 3)}` },
  { what: 'two Chinese signs, common', typed: signAt(0) + signAt(1) },
  { what: 'two Chinese signs, rare', typed: signAt(800) + signAt(900) },
  { what: 'a common and a rare sign', typed: signAt(0) + signAt(2500) },
  { what: 'a common word without another', typed: `"${wordAt(3)}" -${wordAt(0)}` },
  { what: 'from: one, and a common word', typed: `"${wordAt(50)}"`, author: 30 },
  { what: 'from: one, and a rare word', typed: `"${wordAt(30_000)}"`, author: 30 },
  { what: 'from: one', typed: 'from:@somebody', author: 40 },
  { what: 'in: the shortest, and a common word', typed: `"${wordAt(0)}"`, conversation: CONVERSATIONS - 1 },
  { what: 'in: the longest, and a rare word', typed: `"${wordAt(40_000)}"`, conversation: 0 },
  { what: 'has:file, and a common word', typed: `has:file "${wordAt(50)}"` },
  { what: 'has:file before:2024-01-01', typed: 'has:file before:2024-01-01' },
]
