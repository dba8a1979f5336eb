import { afterEach, describe, expect, test } from 'vitest'
import type { Locks } from '../ports.ts'

/** What all locks promise. `tabOf` answers those of one more tab of the same browser. */
export function describeLocks(name: string, tabOf: () => Locks) {
  describe(`locks of ${name}`, () => {
    const ends: (() => void)[] = []
    afterEach(() => {
      for (const end of ends.splice(0)) end()
    })
    let count = 0

    /** Tabs that all want one lock, and what they have heard. */
    const scene = () => {
      const lock = `lock ${(count += 1)} ${Math.random()}`
      const heard: string[] = []
      const hold = (who: string, steal = false) => {
        const end = tabOf().hold(lock, {
          steal,
          held: () => heard.push(`${who} has it`),
          stolen: () => heard.push(`${who} has lost it`),
        })
        ends.push(end)
        return end
      }
      return { heard, hold, hears: (words: string) => expect.poll(() => heard).toContain(words) }
    }

    test('it goes from one to the next in the order they came', async () => {
      const { heard, hold, hears } = scene()
      const [first, second] = [hold('first'), hold('second')]
      hold('third')
      await hears('first has it')
      first()
      await hears('second has it')
      second()
      await hears('third has it')
      expect(heard).toEqual(['first has it', 'second has it', 'third has it'])
    })

    test('who gives up the place in the line is not called any more', async () => {
      const { heard, hold, hears } = scene()
      const [first, second] = [hold('first'), hold('second')]
      hold('third')
      await hears('first has it')
      second()
      first()
      await hears('third has it')
      expect(heard).toEqual(['first has it', 'third has it'])
    })

    test('who gives it back before having it never has it', async () => {
      const { heard, hold, hears } = scene()
      hold('first')()
      hold('second')
      await hears('second has it')
      expect(heard).toEqual(['second has it'])
    })

    test('it can be taken away, and goes back into the line after that', async () => {
      const { heard, hold, hears } = scene()
      hold('first')
      hold('second')
      await hears('first has it')
      const thief = hold('thief', true)
      await hears('first has lost it')
      await hears('thief has it')
      thief()
      await hears('second has it')
      expect(heard.toSorted()).toEqual(
        ['first has it', 'first has lost it', 'thief has it', 'second has it'].toSorted(),
      )
    })

    test('different names are different locks', async () => {
      const [one, other] = [scene(), scene()]
      one.hold('first')
      other.hold('second')
      await one.hears('first has it')
      await other.hears('second has it')
    })
  })
}
