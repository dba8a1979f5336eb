import type { Page } from 'playwright'
import { test } from 'vitest'
import { useStage } from '../kit/browser.ts'
import { box, group, installed, message, say, see } from '../kit/screen.ts'

const stage = useStage()

/** The faces that texts of this page are set in, of those that come with the app. */
const faces = (page: Page): Promise<readonly string[]> =>
  page.evaluate(() =>
    [...new Set([...document.fonts].filter(({ status }) => status === 'loaded').map(({ family }) => family))]
      .map((family) => family.replaceAll('"', ''))
      .filter((family) => family !== 'Inter Fallback')
      .toSorted(),
  )

/** The fonts that the app keeps for a start without a network. */
const kept = (page: Page): Promise<readonly string[]> =>
  page.evaluate(async () => {
    const names = await caches.keys()
    const all = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()))
    const files = all.flat().map(({ url }) => /([a-z-]+?)-wght-normal/.exec(url)?.[1])
    return files.filter((file) => file !== undefined).toSorted()
  })

test('a device keeps the Latin letters, and others from the first time that somebody reads them; without a network too', async () => {
  const ana = await stage.person('Ana')
  const conversation = await group(ana, 'Letters')
  const page = await ana.open(`/c/${conversation}`)
  await see(box(page)).toBeVisible()
  await installed(page)
  await see.poll(() => faces(page)).toEqual(['Inter Variable'])
  await see.poll(() => kept(page)).toEqual(['inter-latin'])

  await say(page, 'صباح الخير', 'בוקר טוב', '`code`')
  await see(message(page, 'صباح الخير')).toBeVisible()
  const read = [
    'Inter Variable',
    'JetBrains Mono Variable',
    'Noto Sans Arabic Variable',
    'Noto Sans Hebrew Variable',
  ]
  await see.poll(() => faces(page)).toEqual(read)
  await see
    .poll(() => kept(page))
    .toEqual(['inter-latin', 'jetbrains-mono-latin', 'noto-sans-arabic-arabic', 'noto-sans-hebrew-hebrew'])

  await ana.device.setOffline(true)
  const offline = await ana.open(`/c/${conversation}`)
  await see(message(offline, 'בוקר טוב')).toBeVisible()
  await see.poll(() => faces(offline)).toEqual(read)
})
