import fc from 'fast-check'
import { expect, test } from 'vitest'
import { lineBreak, linked, marked, type Writing } from './writing.ts'

const written = (text: string, { over, text: put }: Writing) =>
  text.slice(0, over.from) + put + text.slice(over.to)
/** `|` on either side of what is selected. */
function selected(shown: string) {
  const from = shown.indexOf('|')
  const to = shown.lastIndexOf('|') - 1
  return { text: shown.replaceAll('|', ''), at: { from, to: Math.max(from, to) } }
}
const mark = (shown: string, sign: string) => {
  const { text, at } = selected(shown)
  const made = marked(text, at, sign)
  const result = written(text, made)
  const from = made.over.from + (made.select?.from ?? 0)
  const to = made.over.from + (made.select?.to ?? 0)
  return `${result.slice(0, from)}|${result.slice(from, to)}|${result.slice(to)}`
}
const broken = (shown: string) => {
  const { text, at } = selected(shown)
  return written(text, lineBreak(text, at))
}

test('signs go around what is selected, without the spaces at its ends, and it stays selected', () => {
  expect(mark('so |very| good', '**')).toBe('so **|very|** good')
  expect(mark('so |very |good', '**')).toBe('so **|very|** good')
  expect(mark('so || good', '`')).toBe('so `||` good')
})

test('the same key again takes them away: nothing is left of it', () => {
  fc.assert(
    fc.property(fc.string(), fc.stringMatching(/^\w(\w| \w)*$/), fc.string(), (before, word, after) => {
      const text = before + word + after
      const at = { from: before.length, to: before.length + word.length }
      fc.pre(!before.endsWith('_') && !after.startsWith('_'))
      const once = marked(text, at, '_')
      const there = { from: at.from + (once.select?.from ?? 0), to: at.from + (once.select?.to ?? 0) }
      const twice = marked(written(text, once), there, '_')
      expect(written(written(text, once), twice)).toBe(text)
    }),
  )
})

test('an address pasted over words makes a link, and nothing else does', () => {
  const over = (shown: string, pasted: string) => {
    const { text, at } = selected(shown)
    const made = linked(text, at, pasted)
    return made && written(text, made)
  }
  expect(over('see |the plan|', 'https://example.org/a ')).toBe('see [the plan](https://example.org/a)')
  expect(over('see ||', 'https://example.org')).toBeUndefined()
  expect(over('|plan|', 'two words')).toBeUndefined()
  expect(over('|plan|', 'javascript:alert(1)')).toBeUndefined()
  expect(over('|https://old.example|', 'https://new.example')).toBeUndefined()
})

test('a list goes on with the next line, and ends with an empty one', () => {
  expect(broken('- milk||')).toBe('- milk\n- ')
  expect(broken('a\n  2) two||')).toBe('a\n  2) two\n  3) ')
  expect(broken('- milk\n- ||')).toBe('- milk\n')
  expect(broken('plain||')).toBe('plain\n')
  expect(broken('- mi||lk')).toBe('- mi\n- lk')
  expect(broken('-||')).toBe('-\n')
})
