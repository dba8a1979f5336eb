import { rest } from '@parley/protocol'
import type { Page } from 'playwright'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { type Person, useStage } from '../kit/browser.ts'
import { findings } from '../kit/findings.ts'
import { box, group, inboxRow, message, say, sayAs, see } from '../kit/screen.ts'

const stage = useStage()

const rows = (page: Page) => page.getByRole('navigation', { name: 'Conversations' }).getByRole('listitem')
const areas = (page: Page) => page.getByRole('navigation', { name: 'Areas' })
const path = (page: Page) => new URL(page.url()).pathname

/** Three groups: one read, one with something unread, one that mentions her; and an archived one. */
async function someGroups(ana: Person, ben: Person) {
  const old = await group(ana, 'Summer party', ben)
  await ana.ask('PATCH', `/api/conversations/${old}`, z.unknown(), { archived: true })
  const quiet = await group(ana, 'Quiet', ben)
  const busy = await group(ana, 'Busy', ben)
  await sayAs(ben, busy, 'So much to do')
  const asked = await group(ana, 'Asked', ben)
  await sayAs(ben, asked, `@${ana.username} what do you think?`, { mentions: [ana.id] })
  return { old, quiet, busy, asked }
}

test('the list shows all, what is unread, or what mentions one; archived ones are folded away', async () => {
  const [ana, ben] = await Promise.all([stage.person('Ana'), stage.person('Ben')])
  await someGroups(ana, ben)
  const page = await ana.open()
  await see(rows(page)).toHaveText([/Asked/, /Busy/, /Quiet/])
  expect(await findings(page)).toEqual([])

  await page.getByRole('button', { name: 'Archived' }).click()
  await see(rows(page)).toHaveText([/Asked/, /Busy/, /Quiet/, /Summer party/])
  await page.getByRole('button', { name: 'Archived' }).click()
  await page.getByRole('button', { name: 'Unread', exact: true }).click()
  await see(rows(page)).toHaveText([/Asked/, /Busy/])
  // What is read under one's hand stays there, until one goes elsewhere.
  await inboxRow(page, 'Busy').click()
  await see(message(page, 'So much to do')).toBeVisible()
  await see(inboxRow(page, 'Busy').getByRole('img', { name: /unread/ })).toHaveCount(0)
  await see(rows(page)).toHaveText([/Asked/, /Busy/])
  await page.getByRole('button', { name: 'Mentions', exact: true }).click()
  await inboxRow(page, 'Asked').click()
  await see(rows(page)).toHaveText([/Asked/])
  await areas(page).getByRole('link', { name: 'Friends' }).click()
  await see(page.getByText('Nobody waits for you: no unread mentions.')).toBeVisible()
  expect(await findings(page, 'nav')).toEqual([])

  // A filter finds what is archived without unfolding it.
  await page.getByRole('button', { name: 'All', exact: true }).click()
  await page.getByRole('textbox', { name: 'Filter conversations' }).fill('summer')
  await see(rows(page)).toHaveText([/Summer party/])
})

test('by the keyboard alone: from one conversation to the next, to the next unread one, and to every area and back', async () => {
  const [ana, ben] = await Promise.all([stage.person('Ana'), stage.person('Ben')])
  const { quiet, busy, asked } = await someGroups(ana, ben)
  const page = await ana.open()
  await see(rows(page)).toHaveText([/Asked/, /Busy/, /Quiet/])

  await page.keyboard.press('Alt+ArrowDown')
  await see.poll(() => path(page)).toBe(`/c/${asked}`)
  await see(box(page)).toBeFocused()
  // Also from the middle of a sentence, which stays.
  await page.keyboard.type('Half a thought, or c and ?')
  await page.keyboard.press('Alt+ArrowDown')
  await see.poll(() => path(page)).toBe(`/c/${busy}`)
  await see(message(page, 'So much to do')).toBeVisible()
  // What is only passed is not read.
  await see(inboxRow(page, 'Busy').getByRole('img', { name: /unread/ })).toHaveCount(0)
  await page.keyboard.press('Alt+ArrowDown')
  await see.poll(() => path(page)).toBe(`/c/${quiet}`)
  await see(box(page)).toBeFocused()
  await page.keyboard.press('Alt+ArrowUp')
  await page.keyboard.press('Alt+ArrowUp')
  await see(box(page)).toHaveValue('Half a thought, or c and ?')

  await sayAs(ben, quiet, 'Not any more')
  await see(inboxRow(page, 'Quiet').getByRole('img', { name: '1 unread message' })).toBeVisible()
  await page.keyboard.press('Alt+Shift+ArrowDown')
  await see(message(page, 'Not any more')).toBeVisible()

  await page.keyboard.press('Control+Shift+f')
  await see(page.getByRole('heading', { name: 'Friends', level: 1 })).toBeVisible()
  await see(areas(page).getByRole('link', { name: 'Friends' })).toHaveAttribute('aria-current', 'page')
  await page.keyboard.press('Control+Shift+m')
  await see(page.getByRole('heading', { name: 'Notifications', level: 1 })).toBeVisible()
  await page.keyboard.press('Control+,')
  await see(page.getByRole('heading', { name: 'Settings', level: 1 })).toBeVisible()
  await page.evaluate(() => document.activeElement instanceof HTMLElement && document.activeElement.blur())
  await page.keyboard.press('Escape')
  await see(areas(page).getByRole('link', { name: 'Settings' })).toBeFocused()
  expect(path(page)).toBe('/')
})

test('a person who types is left alone by single keys, and everybody finds all of them in one table', async () => {
  const ana = await stage.person('Ana')
  const conversation = await group(ana, 'Alone')
  const page = await ana.open(`/c/${conversation}`)
  await see(box(page)).toBeFocused()
  await page.keyboard.type('n/c?i')
  await see(box(page)).toHaveValue('n/c?i')
  await see(page.getByRole('dialog')).toHaveCount(0)

  await page.getByRole('heading', { name: 'Alone', level: 1 }).click()
  await see(page.getByRole('complementary', { name: 'Details' })).toBeVisible()
  await page.keyboard.press('i')
  await see(page.getByRole('complementary', { name: 'Details' })).toHaveCount(0)
  await page.keyboard.press('c')
  await see(box(page)).toBeFocused()

  await page.keyboard.press('Control+/')
  const help = page.getByRole('dialog', { name: 'Keyboard shortcuts' })
  await see(help).toContainText('Next unread conversation')
  expect(await findings(page, '[role=dialog]')).toEqual([])
  await help.getByRole('checkbox', { name: 'Shortcuts of a single key' }).uncheck()
  await page.keyboard.press('Escape')
  await see(help).toHaveCount(0)
  await page.getByRole('button', { name: 'Search', exact: true }).focus()
  await page.keyboard.press('?')
  await page.keyboard.press('n')
  // Whatever a key alone could have opened would be there before this is.
  await page.keyboard.press('Control+/')
  await see(help).toBeVisible()
  await see(page.getByRole('dialog')).toHaveCount(1)
})

test('on a phone there is one area at a time, and the way back finds the list as it was left', async () => {
  const [ana, ben] = await Promise.all([stage.person('Ana'), stage.person('Ben')])
  for (let count = 1; count <= 25; count += 1) await group(ana, `Group ${count}.`, ben)
  const page = await ana.open()
  await page.setViewportSize({ width: 390, height: 844 })
  await see(inboxRow(page, 'Group 1.')).toBeAttached()
  await inboxRow(page, 'Group 3.').scrollIntoViewIfNeeded()
  const place = () => inboxRow(page, 'Group 3.').evaluate((row) => row.getBoundingClientRect().y)
  const before = await place()
  await inboxRow(page, 'Group 3.').click()
  await see(page.getByRole('heading', { name: 'Group 3.', level: 1 })).toBeVisible()
  await see(inboxRow(page, 'Group 3.')).toBeHidden()
  await see(areas(page)).toBeHidden()
  // The system's back gesture is a step in the history.
  await page.goBack()
  await see(inboxRow(page, 'Group 3.')).toBeFocused()
  expect(await place()).toBe(before)
  expect(await findings(page)).toEqual([])

  await areas(page).getByRole('link', { name: 'Channels' }).click()
  await see(page.getByRole('heading', { name: 'Find channels', level: 1 })).toBeVisible()
  await page.getByRole('button', { name: 'Back' }).click()
  await see(areas(page).getByRole('link', { name: 'Channels' })).toBeFocused()
})

test('what waits is counted: requests, notifications; and what is muted stays quiet', async () => {
  const [ana, ben] = await Promise.all([stage.person('Ana'), stage.person('Ben')])
  await ben.ask('POST', '/api/friend-requests', rest.friendRequest, { user: ana.id })
  const conversation = await group(ana, 'Loud', ben)
  const page = await ana.open(`/c/${conversation}`)
  await see(areas(page).getByRole('link', { name: 'Friends 1 friend request waits' })).toBeVisible()

  // By the keyboard, from the search box.
  await see(box(page)).toBeFocused()
  await page.keyboard.press('Control+k')
  await see(page.getByRole('combobox', { name: 'Search' })).toBeFocused()
  await page.keyboard.type('>mute')
  await see(page.getByRole('option', { name: 'Mute “Loud”' })).toHaveAttribute('aria-selected', 'true')
  await page.keyboard.press('Enter')
  await see(inboxRow(page, 'Loud').getByRole('img', { name: 'Muted' })).toBeVisible()
  await page.goto('/')
  const his = await ben.open(`/c/${conversation}`)
  await say(his, 'Anybody?')
  await see(inboxRow(page, 'Loud').getByRole('img', { name: '1 unread message' })).toBeVisible()
  await see(inboxRow(page, 'Loud')).toHaveAttribute('data-quiet', 'true')
  // By the mouse, and read at once with all others.
  await page.getByRole('button', { name: 'Search' }).click()
  await page.getByRole('option', { name: 'Mark all as read' }).click()
  await see(inboxRow(page, 'Loud').getByRole('img', { name: /unread/ })).toHaveCount(0)
})
