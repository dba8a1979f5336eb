import { expect, test } from 'vitest'
import type { Locks } from '../ports.ts'
import { describeLocks } from '../testing/locks-contract.ts'
import { browserChannel, browserLocks, browserSight } from './tabs.ts'

const locks = (): Locks => {
  const found = browserLocks()
  if (found === undefined) throw new Error('every browser of these tests has locks')
  return found
}
describeLocks('browsers', locks)

test('a channel reaches the others of its name, and not itself', async () => {
  const name = `channel ${Math.random()}`
  const [one, two, other] = [browserChannel(name), browserChannel(name), browserChannel(`${name}!`)]
  const heard: unknown[] = []
  one?.subscribe((message) => heard.push(['one', message]))
  const end = two?.subscribe((message) => heard.push(['two', message]))
  other?.subscribe((message) => heard.push(['other', message]))
  one?.post({ bytes: new Uint8Array([1, 2]) })
  await expect.poll(() => heard).toEqual([['two', { bytes: new Uint8Array([1, 2]) }]])
  end?.()
  one?.post('unheard')
  two?.post('answer')
  await expect.poll(() => heard.slice(1)).toEqual([['one', 'answer']])
})

test('a page knows when it will be stopped, and when it goes on', () => {
  const sight = browserSight()
  const seen: string[] = []
  sight.subscribe(() => seen.push(sight.get()))
  const before = sight.get()
  document.dispatchEvent(new Event('freeze'))
  document.dispatchEvent(new Event('visibilitychange'))
  expect(sight.get()).toBe('frozen')
  document.dispatchEvent(new Event('resume'))
  window.dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }))
  window.dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))
  expect(seen).toEqual(['frozen', before, 'frozen', before])
})
