import { rest } from '@parley/protocol'
import type { Page } from 'playwright'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { type Person, useStage } from '../kit/browser.ts'
import { findings } from '../kit/findings.ts'
import { bar, box, group, inboxRow, installed, logged, mark, message, say, see } from '../kit/screen.ts'

const stage = useStage()

async function befriend(from: Person, to: Person): Promise<void> {
  const { id } = await from.ask('POST', '/api/friend-requests', rest.friendRequest, { user: to.id })
  await to.ask('PATCH', `/api/friend-requests/${id}`, z.unknown(), { status: 'ACCEPTED' })
}

const channel = async (owner: Person, title: string, topic: string) =>
  (await owner.ask('POST', '/api/conversations', rest.conversationSummary, { kind: 'channel', title, topic }))
    .id

async function begin(page: Page, what: string): Promise<void> {
  await page.getByRole('button', { name: 'New conversation' }).click()
  await page.getByRole('menuitem', { name: what }).click()
}

const people = (page: Page) => page.getByRole('dialog').getByRole('combobox')
const option = (page: Page, name: string) => page.getByRole('dialog').getByRole('option', { name })
const channels = (page: Page) => page.getByRole('list', { name: 'Channels' }).getByRole('listitem')

test('a friend is written to at once; somebody else is asked first, and can be written to when they accept', async () => {
  const [ana, ben, cem] = await Promise.all([stage.person('Ana'), stage.person('Ben'), stage.person('Cem')])
  await befriend(ana, ben)
  const page = await ana.open()
  await begin(page, 'Message a friend')
  // Friends are offered before anything is typed.
  await see(option(page, 'Ben')).toBeVisible()
  expect(await findings(page, '[role=dialog]')).toEqual([])
  await option(page, 'Ben').click()
  await see(page.getByRole('heading', { name: 'Ben', level: 1 })).toBeVisible()
  await say(page, 'Hello Ben')
  await see(mark(page, 'Hello Ben', 'Sent')).toBeVisible()

  // By the keyboard alone.
  await page.getByRole('button', { name: 'Search', exact: true }).focus()
  await page.keyboard.press('n')
  await see(people(page)).toBeFocused()
  await page.keyboard.type(cem.username)
  await see(option(page, 'Cem')).toHaveAttribute('aria-selected', 'true')
  await page.keyboard.press('Enter')
  await see(page.getByText('You and Cem are not friends yet.')).toBeVisible()
  await page.keyboard.press('Tab')
  await see(page.getByRole('button', { name: 'Ask to be friends' })).toBeFocused()
  await page.keyboard.press('Enter')
  await see(page.getByText('You have asked Cem to be friends.')).toBeVisible()
  expect(await findings(page, '[role=dialog]')).toEqual([])

  await page.keyboard.press('Escape')

  const his = await cem.open()
  await begin(his, 'Message a friend')
  await people(his).fill(ana.username)
  await option(his, 'Ana').click()
  await his.getByRole('button', { name: 'Accept and write' }).click()
  await say(his, 'Hello Ana')
  await see(mark(his, 'Hello Ana', 'Sent')).toBeVisible()
  await see(inboxRow(page, 'Cem')).toContainText('Hello Ana')
})

test('[C5] without a network people whom the device knows are found, and who cannot be is said', async () => {
  const [ana, ben] = await Promise.all([stage.person('Ana'), stage.person('Ben')])
  await group(ana, 'Where they met', ben)
  const page = await ana.open()
  await see(inboxRow(page, 'Where they met')).toBeVisible()
  await installed(page)
  await begin(page, 'New group')
  await see(people(page)).toBeVisible()
  await ana.device.setOffline(true)
  await page.getByRole('dialog').getByLabel('Group name').fill('Made in the tunnel')
  await people(page).fill(ben.username)
  await see(option(page, 'Ben')).toBeVisible()
  await see(page.getByText('You are offline: only people you know are found.')).toBeVisible()
  await option(page, 'Ben').click()
  await page.getByRole('button', { name: 'Create group' }).click()
  await see(page.getByRole('heading', { name: 'Made in the tunnel', level: 1 })).toBeVisible()
  await see(
    inboxRow(page, 'Made in the tunnel').getByRole('img', { name: 'Waiting to be sent' }),
  ).toBeVisible()
  await ana.device.setOffline(false)
  const his = await ben.open()
  await see(inboxRow(his, 'Made in the tunnel')).toBeVisible()
})

test('a channel is begun, found by others and joined; where only admins write, it says so', async () => {
  const [ana, ben] = await Promise.all([stage.person('Ana'), stage.person('Ben')])
  const page = await ana.open()
  await begin(page, 'New channel')
  const dialog = page.getByRole('dialog', { name: 'New channel' })
  await see(dialog).toContainText('Everybody on this server can find it, read it and join.')
  await dialog.getByRole('button', { name: 'Create channel' }).click()
  await see(dialog.getByText('Give the channel a name.')).toBeVisible()
  expect(await findings(page, '[role=dialog]')).toEqual([])
  await dialog.getByLabel('Channel name').fill('zebra news')
  await dialog.getByLabel('Topic').fill('All about stripes')
  await dialog.getByRole('radio', { name: 'Only admins' }).check()
  await dialog.getByRole('button', { name: 'Create channel' }).click()
  await say(page, 'Stripes are in')
  await see(mark(page, 'Stripes are in', 'Sent')).toBeVisible()

  const his = await ben.open('/channels')
  await his.getByRole('textbox', { name: 'Search channels' }).fill('zeb')
  await see(channels(his)).toHaveText([/zebra news.*All about stripes.*1 member/])
  expect(await findings(his, 'main')).toEqual([])
  // By the keyboard alone: from the box to the button, which stays under it while joining takes effect.
  await his.getByRole('textbox', { name: 'Search channels' }).focus()
  await his.keyboard.press('Tab')
  await see(his.getByRole('button', { name: 'Join' })).toBeFocused()
  await his.keyboard.press('Enter')
  await see(channels(his)).toContainText('Joined')
  await see(his.getByRole('button', { name: 'Open' })).toBeFocused()
  await his.keyboard.press('Enter')
  await see(his.getByText('Only admins write here.')).toBeVisible()
  await see(message(his, 'Stripes are in')).toBeVisible()
  await see(inboxRow(his, 'zebra news').getByRole('img', { name: 'Channel' })).toBeVisible()
  await see(page.getByText('2 members')).toBeVisible()
})

test('[C5] many channels come a page at a time; without a network those one is in are there, and joining waits', async () => {
  const [ana, ben] = await Promise.all([stage.person('Ana'), stage.person('Ben')])
  const made = Array.from({ length: 60 }, (_, index) => `yak ${String(index + 1).padStart(2, '0')}`)
  for (const title of made) await channel(ben, title, '')
  const page = await ana.open('/channels')
  const more = page.getByRole('button', { name: 'Show more channels' })
  await see(more).toBeVisible()
  const answered = Promise.withResolvers<void>()
  await page.route(/\/api\/channels\?.*yak/, async (route) => {
    await answered.promise
    await route.continue()
  })
  await page.getByRole('textbox', { name: 'Search channels' }).fill('yak')
  await see(more).toHaveCount(0)
  answered.resolve()
  await see(more).toBeVisible()
  const count = await channels(page).count()
  expect(count).toBeLessThan(60)
  await more.click()
  await see(channels(page)).toHaveCount(60)

  await installed(page)
  await ana.device.setOffline(true)
  await see(bar(page, 'You are offline.')).toBeVisible()
  await channels(page).filter({ hasText: 'yak 60' }).getByRole('button', { name: 'Join' }).click()
  await see(page.getByText('You join when you are connected')).toBeVisible()
  await see(channels(page)).toHaveCount(60)
  await ana.device.setOffline(false)
  await see(inboxRow(page, 'yak 60')).toBeVisible()
  await see(channels(page)).toHaveCount(60)

  await page.getByRole('textbox', { name: 'Search channels' }).fill('no such')
  await see(page.getByText('No channel begins with “no such”.')).toBeVisible()
  await ana.device.setOffline(true)
  await see(bar(page, 'You are offline.')).toBeVisible()
  await page.getByRole('textbox', { name: 'Search channels' }).fill('')
  await see(
    page.getByText('The server cannot be asked now. These are the channels that you are in.'),
  ).toBeVisible()
  await see(channels(page)).toHaveCount(1)
  expect(await findings(page, 'main')).toEqual([])
  await ana.device.setOffline(false)
  await see(channels(page)).toHaveCount(count)
  await see(page.getByText('The server cannot be asked now.')).toHaveCount(0)
  await ana.device.setOffline(true)
  await more.click()
  await see(page.getByText('The server cannot be asked now. These were found before.')).toBeVisible()
  await see(channels(page)).toHaveCount(count)
})

test('the search box does things: by the keyboard with the keys beside them, by the mouse, and with nothing else behind a >', async () => {
  const [ana, ben] = await Promise.all([stage.person('Ana'), stage.person('Ben')])
  const conversation = await group(ana, 'Palette', ben)
  const page = await ana.open(`/c/${conversation}`)
  await see(box(page)).toBeFocused()
  const option = (name: string) => page.getByRole('option', { name })
  await page.keyboard.press('Control+k')
  await see(page.getByRole('combobox', { name: 'Search' })).toBeFocused()
  await page.keyboard.type('>go to set')
  await see(option('Go to settings')).toContainText('Ctrl')
  await see(page.getByRole('option')).toHaveCount(1)
  expect(await findings(page, '[role=dialog]')).toEqual([])
  await page.keyboard.press('Enter')
  await see(page.getByRole('heading', { name: 'Settings', level: 1 })).toBeVisible()

  await page.keyboard.press('Control+k')
  await see(page.getByRole('combobox', { name: 'Search' })).toBeFocused()
  await page.keyboard.type('new gr')
  await see(option('New group')).toHaveAttribute('aria-selected', 'true')
  await page.keyboard.press('Enter')
  await see(page.getByRole('dialog', { name: 'New group' }).getByLabel('Group name')).toBeFocused()
  await page.keyboard.press('Escape')
  await see(page.getByRole('dialog')).toHaveCount(0)

  // What would change nothing is not offered.
  await page.emulateMedia({ colorScheme: 'light' })
  await page.getByRole('button', { name: 'Search', exact: true }).click()
  await see(option('Use the light theme')).toHaveCount(0)
  await option('Use the dark theme').click()
  await see(page.locator('html')).toHaveAttribute('data-theme', 'dark')
  await page.getByRole('button', { name: 'Search', exact: true }).click()
  await option('Use the light theme').click()
  await see(page.locator('html')).toHaveAttribute('data-theme', 'light')
  expect(await logged(ana, conversation)).toEqual([])
})
