import type { Locator, Page } from 'playwright'
import { expect, test } from 'vitest'
import { useStage } from '../kit/browser.ts'
import { findings } from '../kit/findings.ts'
import { box, group, installed, message, say, numbered, sayAllAs, sayAs, see } from '../kit/screen.ts'

const stage = useStage()

const searchBox = (page: Page): Locator => page.getByRole('combobox', { name: 'Search' })
const hits = (page: Page): Locator => page.getByRole('group', { name: 'Messages' }).getByRole('option')

async function search(page: Page, typed: string): Promise<void> {
  if (!(await searchBox(page).isVisible())) await page.keyboard.press('Control+k')
  await searchBox(page).fill(typed)
}

/** Until everything that was said is on the device and can be found there. */
const prepared = async (page: Page): Promise<void> => {
  await search(page, '')
  await see(page.getByRole('dialog', { name: 'Search' }).getByRole('status')).toContainText(
    /Searched on this device: all \d+ messages/,
  )
}

test('[R5] without a network, after a restart: by beginning, accents, Chinese, author and file; the hit opens in its place', async () => {
  const [ana, ben] = await Promise.all([stage.person('Ana'), stage.person('Ben')])
  const [garden, office] = [await group(ana, 'Garden', ben), await group(ana, 'Office', ben)]
  await sayAllAs(ben, garden, ['The zebra stands at the café', '我们明天开会议吧'])
  await sayAs(ana, garden, 'No animals please')
  await sayAllAs(ana, garden, numbered('weeding', 150))
  await sayAs(ana, office, 'A zebra in the office')

  const page = await ana.open(`/c/${office}`)
  await see(box(page)).toBeVisible()
  await page
    .locator('input[type=file]')
    .first()
    .setInputFiles({
      name: 'Übersicht.txt',
      mimeType: 'text/plain',
      buffer: Buffer.from('what there is'),
    })
  await say(page, 'The plan')
  await see(message(page, 'The plan').getByLabel('Sent', { exact: true })).toBeVisible()
  await installed(page)
  await prepared(page)

  await ana.device.setOffline(true)
  await page.reload()
  await see(box(page)).toBeVisible()
  await prepared(page)
  const expectHits = async (typed: string, ...expected: readonly RegExp[]) => {
    await search(page, typed)
    await see(hits(page)).toHaveText([...expected])
  }
  await expectHits('zeb', /Ana.*Office.*A zebra in the office/, /Ben.*Garden.*The zebra stands/)
  await expectHits('CAFE', /Ben.*The zebra stands at the café/)
  await expectHits('会议', /我们明天开会议吧/)
  await expectHits(`zebra from:@${ben.username}`, /Ben.*The zebra stands/)
  await expectHits('zebra in:off', /Office.*A zebra/)
  await expectHits('has:file', /The plan.*Übersicht\.txt/)
  await expectHits('ubersicht', /The plan.*Übersicht\.txt/)
  await search(page, 'nothing like it')
  await see(page.getByText('Nothing found for “nothing like it”.')).toBeVisible()

  await expectHits('zebra stand', /Ben.*The zebra stands at the café/)
  expect(await hits(page).locator('mark').allTextContents()).toEqual(['zebra', 'stands'])
  await page.keyboard.press('Enter')
  await see(searchBox(page)).toBeHidden()
  await see(message(page, 'The zebra stands at the café')).toBeInViewport()
  expect(new URL(page.url()).pathname).toBe(`/c/${garden}/4`)
})

test('a second window searches through the first, and for itself when that has gone', async () => {
  const [ana, ben] = await Promise.all([stage.person('Ana'), stage.person('Ben')])
  const conversation = await group(ana, 'Two windows', ben)
  await sayAs(ben, conversation, 'A giraffe looks in')
  const first = await ana.open(`/c/${conversation}`)
  await see(message(first, 'A giraffe looks in')).toBeVisible()
  await prepared(first)
  const second = await ana.open(`/c/${conversation}`)
  await see(box(second)).toBeVisible()
  await search(second, 'giraff')
  await see(hits(second)).toHaveText([/A giraffe looks in/])
  // What has just come is found as well.
  await sayAs(ben, conversation, 'Another giraffe')
  await see(message(second, 'Another giraffe')).toBeAttached()
  await see
    .poll(async () => {
      await search(second, 'giraf')
      await search(second, 'giraffe')
      return await hits(second).count()
    })
    .toBe(2)
  await first.close()
  await search(second, 'look')
  await see(hits(second)).toHaveText([/A giraffe looks in/])
  await search(second, 'anoth')
  await see(hits(second)).toHaveText([/Another giraffe/])
})

test('conversations and people are in the same box; signing out leaves nothing of the index', async () => {
  const [ana, ben] = await Promise.all([stage.person('Ana'), stage.person('Ben')])
  const [conversation] = [await group(ana, 'Mountain trip', ben), await group(ana, 'Office', ben)]
  const page = await ana.open()
  await page.getByRole('button', { name: 'Search' }).click()
  await search(page, 'mount')
  const choices = page.getByRole('group', { name: 'Conversations' }).getByRole('option')
  await see(choices).toHaveText([/Mountain trip/])
  expect(await findings(page, '[role=dialog]')).toEqual([])
  await choices.click()
  await see(page).toHaveURL(new RegExp(`/c/${conversation}$`))
  await prepared(page)
  await page.keyboard.press('Escape')
  const folders = () =>
    page.evaluate(async () => {
      const names: string[] = []
      for await (const [name] of await navigator.storage.getDirectory()) names.push(name)
      return names.filter((name) => name.startsWith('.search-'))
    })
  await see.poll(folders).toHaveLength(1)
  await page.goto('/settings/leaving')
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Sign out' }).click()
  await see(page.getByRole('heading', { name: 'Welcome back' })).toBeVisible()
  await see.poll(folders).toEqual([])
})
