import type { Page } from 'playwright'
import { expect, test } from 'vitest'
import { type Person, useStage } from '../kit/browser.ts'
import { fileOf, nextBuild } from '../kit/next-build.ts'
import { bar, box, group, installed, mark, say, see } from '../kit/screen.ts'

const stage = useStage({ isBehindFront: true })
let count = 0

/** The version that runs in a window, by what its page says. */
const seeVersion = (page: Page, name: string): Promise<void> =>
  see(page.locator('meta[name=build]')).toHaveAttribute('content', name)

/** From now on the server has another build. */
async function publish(conversation: string): Promise<string> {
  count += 1
  const name = `build${count}`
  for (const [path, content] of await nextBuild(name)) {
    // Of files that the server does not have, the headers are those of one that it has.
    const from = path.startsWith('/assets/') ? '/before.js' : path
    for (const each of path === '/index.html' ? [path, `/c/${conversation}`] : [path])
      stage.front.answer(each, () => content, from)
  }
  return name
}

/** The browser looks for a new version, as it does when the network is back. */
const look = async ({ device }: Person): Promise<void> => {
  await device.setOffline(true)
  await device.setOffline(false)
}

/** The person turns to something else, or comes back. Headless windows are always before somebody. */
const turn = (page: Page, state: 'hidden' | 'visible'): Promise<void> =>
  page.evaluate((next) => {
    Object.defineProperty(document, 'visibilityState', { value: next, configurable: true })
    document.dispatchEvent(new Event('visibilitychange'))
  }, state)

/** Whether the app's windows take one of them to be before somebody. */
const isAnyInSight = (page: Page): Promise<boolean> =>
  page.evaluate(async () => {
    const { held = [] } = await navigator.locks.query()
    return held.some(({ name }) => name === 'parley/in-sight')
  })

const ready = (page: Page) => bar(page, 'A new version is ready.')
/** The caches of the app's own files; others are kept for pictures and notifications. */
const shells = (page: Page): Promise<readonly string[]> =>
  page.evaluate(async () => (await caches.keys()).filter((name) => name.startsWith('shell-')))

async function inApp() {
  const ana = await stage.person('Ana')
  const conversation = await group(ana, 'Versions')
  const old = await publish(conversation)
  const page = await ana.open(`/c/${conversation}`)
  await see(box(page)).toBeVisible()
  await installed(page)
  return { ana, page, conversation, old }
}

test('a new version is said and waits; it comes with a click, to all windows, which keep what was being written; and starts offline', async () => {
  const { ana, page, conversation, old } = await inApp()
  const other = await ana.open(`/c/${conversation}`)
  await see(box(other)).toBeVisible()
  const [shell = ''] = await shells(page)
  const next = await publish(conversation)
  await look(ana)
  await see(ready(page)).toBeVisible()
  await see(ready(other)).toBeVisible()
  await box(page).fill('half a senten')
  await seeVersion(page, old)
  await ready(other).getByRole('button', { name: 'Reload' }).click()
  for (const each of [page, other]) await seeVersion(each, next)
  await see(box(page)).toHaveValue('half a senten')
  await see(ready(page)).toHaveCount(0)
  await see.poll(() => shells(page)).toEqual([expect.not.stringContaining(shell)])

  await ana.device.setOffline(true)
  const offline = await ana.open(`/c/${conversation}`)
  await see(box(offline)).toBeVisible()
  await seeVersion(offline, next)
  await say(offline, 'written offline, in the new version')
  await see(mark(offline, 'written offline, in the new version', 'Saved on this device')).toBeVisible()
})

test('a window out of sight takes a new version by itself after a while, and not while another is written in', async () => {
  const { ana, page: aside, conversation, old } = await inApp()
  await aside.clock.install()
  const page = await ana.open(`/c/${conversation}`)
  await see(box(page)).toBeVisible()
  const next = await publish(conversation)
  await look(ana)
  for (const each of [page, aside]) await see(ready(each)).toBeVisible()

  await page.evaluate(() => Object.assign(globalThis, { isSameWindow: true }))
  await turn(aside, 'hidden')
  await aside.clock.fastForward(31_000)
  await box(page).pressSequentially('not now')
  // Who asked has had its answer when the same is asked once more.
  await aside.evaluate(() =>
    navigator.locks.request('parley/in-sight', { ifAvailable: true }, (lock) => lock !== null),
  )
  expect(await page.evaluate(() => navigator.serviceWorker.ready.then(({ waiting }) => waiting?.state))).toBe(
    'installed',
  )
  expect(await page.evaluate(() => 'isSameWindow' in globalThis)).toBe(true)
  await seeVersion(page, old)

  await turn(page, 'hidden')
  // Windows hear of each other through the browser: only then is none of them in sight.
  await see.poll(() => isAnyInSight(aside)).toBe(false)
  await aside.clock.fastForward(31_000)
  for (const each of [page, aside]) await seeVersion(each, next)
  await see(box(page)).toHaveValue('not now')
})

test('[C5] a new version whose download breaks off leaves the one before as it is, also offline, until it comes whole', async () => {
  const { ana, page, conversation, old } = await inApp()
  const [shell] = await shells(page)
  const next = await publish(conversation)
  stage.front.breakOff(fileOf(next), true)
  await look(ana)
  await see.poll(() => stage.front.asked(fileOf(next))).toBeGreaterThan(0)
  await see
    .poll(() => page.evaluate(() => navigator.serviceWorker.ready.then(({ installing }) => installing)))
    .toBe(null)
  await see(ready(page)).toHaveCount(0)
  await ana.device.setOffline(true)
  await page.goto(`/c/${conversation}`)
  await see(box(page)).toBeVisible()
  await seeVersion(page, old)
  expect(await shells(page)).toContain(shell)

  stage.front.breakOff(fileOf(next), false)
  await ana.device.setOffline(false)
  await see(ready(page)).toBeVisible()
  await ready(page).getByRole('button', { name: 'Reload' }).click()
  await seeVersion(page, next)
})
