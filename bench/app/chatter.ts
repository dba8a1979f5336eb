import { type Draft, newId } from '@parley/protocol'
import type { Spell } from '../seed.ts'
import type { Group } from '../world.ts'

/**
 * What a lively group says: runs of messages by one and the other, of a word to a paragraph, with answers, reactions,
 * lists, links and code among them. The same for every group of as many members but for the ids.
 */
export function chatter({ members }: Group, count: number, lastAt: number): readonly Spell[] {
  const spells = Math.ceil(count / EACH)
  const said: { readonly id: Draft['id'] }[] = []
  return Array.from({ length: spells }, (_, spell) => {
    const at = lastAt - (spells - spell) * BETWEEN
    const drafts = Array.from({ length: Math.min(EACH, count - spell * EACH) }, (_, index): Draft => {
      const n = spell * EACH + index
      // A few in a row by the same person, as people write.
      const author = members[Math.floor(n / 3 + (n % 7 === 0 ? 1 : 0)) % members.length]?.id
      if (author === undefined) throw new Error('a group without members')
      const before = said.at(-1 - (n % 5))
      if (n % 10 === 9 && before !== undefined)
        return {
          id: newId(),
          type: 'reaction',
          author,
          to: before.id,
          emoji: EMOJI[n % EMOJI.length] ?? '👍',
          on: true,
        }
      const id = newId<Draft['id']>()
      said.push({ id })
      const text = textOf(n)
      const replyTo = n % 12 === 11 && before !== undefined ? { replyTo: before.id } : {}
      return { id, type: 'message', author, text, writtenAt: at, ...replyTo }
    })
    return { at, drafts }
  })
}

/** Messages of one moment; and how far such moments are apart, so that days change. */
const EACH = 20
const BETWEEN = 3 * 3_600_000

const EMOJI = ['👍', '❤️', '😂', '🎉']

const SENTENCES = [
  'On my way.',
  'Shall we meet at noon in the kitchen, or is tomorrow better for everybody?',
  'I have put the plans into the folder; have a look when you are back on land and tell me what is missing.',
  'Thanks!',
  'The forecast says wind from the north-west, five to six, and rain from about four in the afternoon. I would rather leave an hour earlier and be in the harbour before it gets dark.',
  'Can somebody bring the **blue rope** and the _small_ anchor?',
  'See https://example.org/tides/2026 for the tides.',
  'What we still need:\n- bread\n- coffee\n- batteries for the lamp',
  '```\nnpm ci\nnpm start\n```\nand then it says where it runs',
  'لنلتقِ غدًا عند الميناء',
  'Yes, `--dry-run` first.',
  'Bis später, à tantôt!',
]

const textOf = (n: number): string => SENTENCES[(n * 7 + Math.floor(n / 12)) % SENTENCES.length] ?? ''
