import { type ConversationId, rest } from '@parley/protocol'
import type { Locator, Page } from 'playwright'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { type Person, useStage } from '../kit/browser.ts'
import { findings } from '../kit/findings.ts'
import { bar, box, group, inboxRow, installed, message, say, sayAs, see } from '../kit/screen.ts'

const stage = useStage()

const askToBeFriends = (from: Person, to: Person) =>
  from.ask('POST', '/api/friend-requests', rest.friendRequest, { user: to.id })

async function befriend(from: Person, to: Person): Promise<void> {
  const { id } = await askToBeFriends(from, to)
  await to.ask('PATCH', `/api/friend-requests/${id}`, z.unknown(), { status: 'ACCEPTED' })
}

const pair = async (): Promise<readonly [Person, Person]> =>
  Promise.all([stage.person('Ana'), stage.person('Ben')])

const find = (page: Page): Locator => page.getByRole('textbox', { name: 'Find people' })
const tab = (page: Page, name: string): Locator => page.getByRole('tab', { name })
const row = (page: Page, words: string): Locator =>
  page.getByRole('main').getByRole('listitem').filter({ hasText: words })
const card = (page: Page, name: string): Locator => page.getByRole('dialog', { name: `About ${name}` })

/** Tab until something has the focus, as somebody without a mouse gets there. */
async function tabTo(page: Page, target: Locator): Promise<void> {
  await see(target).toBeVisible()
  for (let presses = 0; presses < 60; presses += 1) {
    if (await target.evaluate((element) => element === document.activeElement)) return
    await page.keyboard.press('Tab')
  }
  throw new Error('Tab does not lead there')
}

test('somebody is found by username and by exact email, asked, and is a friend once they accept', async () => {
  const [ana, ben] = await pair()
  const [hers, his] = await Promise.all([ana.open('/friends'), ben.open('/friends')])
  await see(hers.getByText('No friends here yet')).toBeVisible()
  expect(await findings(hers)).toEqual([])

  await find(hers).fill(ana.username)
  await see(row(hers, 'That is you')).toBeVisible()
  await find(hers).fill('nobody.at.all')
  await see(hers.getByText(/^Nobody found/)).toBeVisible()
  await find(hers).fill(`${ben.username}@example.org`)
  await row(hers, 'Ben').getByRole('button', { name: 'Ask Ben to be friends' }).click()
  await see(row(hers, 'Ben').getByText(/^Asked/)).toBeVisible()
  expect(await findings(hers)).toEqual([])

  await see(tab(his, 'Requests')).toContainText('1')
  await tab(his, 'Requests').click()
  expect(await findings(his)).toEqual([])
  await his.getByRole('button', { name: 'Accept the request of Ana' }).click()
  await tab(his, 'Friends').click()
  await see(row(his, 'Ana').getByText('Online')).toBeVisible()
  await see(row(hers, 'Ben').getByRole('button', { name: 'Message Ben' })).toBeVisible()
  expect(await findings(his)).toEqual([])
  await row(his, 'Ana').getByRole('button', { name: 'Message Ana' }).click()
  await say(his, 'here we are')
  await see(inboxRow(hers, 'Ben')).toContainText('here we are')
})

test('by keyboard alone: found, asked, declined; who declined is not asked again at once, and the reason is shown', async () => {
  const [ana, ben] = await pair()
  const [hers, his] = await Promise.all([ana.open('/friends'), ben.open('/friends')])
  await tabTo(hers, find(hers))
  await hers.keyboard.type(`@${ben.username}`)
  await tabTo(hers, hers.getByRole('button', { name: 'Ask Ben to be friends' }))
  await hers.keyboard.press('Enter')
  await see(row(hers, 'Ben').getByText(/^Asked/)).toBeVisible()

  await see(tab(his, 'Requests')).toContainText('1')
  await tabTo(his, his.getByRole('tab', { selected: true }))
  await his.keyboard.press('ArrowRight')
  await tabTo(his, his.getByRole('button', { name: 'Decline the request of Ana' }))
  await his.keyboard.press('Enter')
  await see(his.getByText('No open requests')).toBeVisible()
  // The row has gone, and with it what had the focus: it is where one goes on.
  await see(tab(his, 'Requests')).toBeFocused()

  const ask = hers.getByRole('button', { name: 'Ask Ben to be friends' })
  await tabTo(hers, ask)
  await hers.keyboard.press('Enter')
  await see(hers.getByText('They declined. You can ask again a day later.')).toBeVisible()
  expect(await findings(hers)).toEqual([])
  await tabTo(hers, hers.getByRole('main').getByRole('button', { name: 'Discard' }))
  await hers.keyboard.press('Enter')
  await see(hers.getByText('They declined. You can ask again a day later.')).toBeHidden()
})

test('[C3][C5] without a network: asked, answered, removed and taken back, each says that it waits and arrives later', async () => {
  const [[ana, ben], cem, dia] = await Promise.all([pair(), stage.person('Cem'), stage.person('Dia')])
  await befriend(ana, cem)
  await askToBeFriends(dia, ana)
  const page = await ana.open('/friends')
  await installed(page)
  await find(page).fill(ben.username)
  await see(row(page, 'Ben')).toBeVisible()
  await ana.device.setOffline(true)
  await see(bar(page, 'You are offline')).toBeVisible()
  // Who was found stays, though nobody can be asked about them any more.
  await see(page.getByText(/^You are offline. What you typed stays/)).toBeVisible()
  await page.getByRole('button', { name: 'Ask Ben to be friends' }).click()
  await see(row(page, 'Ben').getByText('Waiting to be sent')).toBeVisible()
  // What is looked for without a network stays, and is looked for when there is one.
  await find(page).fill('zzz')
  await see(page.getByText(/^You are offline. What you typed stays/)).toBeVisible()
  expect(await findings(page)).toEqual([])
  await page.getByRole('button', { name: 'Clear' }).click()

  await tab(page, 'Requests').click()
  await page.getByRole('button', { name: 'Accept the request of Dia' }).click()
  await tab(page, 'Friends').click()
  await see(row(page, 'Dia').getByText('Waiting to be sent')).toBeVisible()
  await page.getByRole('button', { name: 'Actions for Cem' }).click()
  await page.getByRole('menuitem', { name: 'Remove friend' }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Remove friend' }).click()
  await see(row(page, 'Removed from your friends')).toContainText('Cem')
  expect(await findings(page)).toEqual([])
  await page.getByRole('button', { name: 'Take back: Cem' }).click()
  await see(row(page, 'Cem').getByRole('button', { name: 'Message Cem' })).toBeVisible()

  await ana.device.setOffline(false)
  const his = await ben.open('/friends')
  await see(his.getByRole('button', { name: 'Accept the request of Ana' })).toBeVisible()
  await see(row(page, 'Dia').getByText('Waiting to be sent')).toBeHidden()
  const { friends } = await ana.ask('GET', '/api/friends', rest.friendList)
  expect(friends.map(({ name }) => name).toSorted()).toEqual(['Cem', 'Dia'])
})

test('a name in a conversation leads to who that is; blocked there, nothing can be written between the two, and a device beside knows', async () => {
  const [ana, ben] = await pair()
  await befriend(ana, ben)
  const talk = await group(ben, 'Trip', ana)
  await sayAs(ben, talk, `hello @${ana.username}`, { mentions: [ana.id] })
  const [page, other] = await Promise.all([ana.open(`/c/${talk}`), stage.again(ana)])
  const second = await other.open('/friends')
  await see(row(second, 'Ben')).toBeVisible()

  await message(page, `hello @${ana.username}`).getByRole('button', { name: 'Ben' }).click()
  await see(card(page, 'Ben').getByText(/^Friends since/)).toBeVisible()
  await see(card(page, 'Ben').getByRole('link', { name: 'Trip' })).toBeVisible()
  expect(await findings(page)).toEqual([])
  await card(page, 'Ben').getByRole('button', { name: 'Message' }).click()
  await say(page, 'between us')
  await see(message(page, 'between us')).toBeVisible()
  await page.goBack()
  await message(page, `hello @${ana.username}`).getByRole('button', { name: 'Ben' }).click()
  await card(page, 'Ben').getByRole('button', { name: 'Block' }).click()
  await see(page.getByRole('alertdialog')).toBeVisible()
  expect(await findings(page)).toEqual([])
  await page.getByRole('alertdialog').getByRole('button', { name: 'Block' }).click()
  await see(page.getByRole('alertdialog')).toBeHidden()

  await tab(second, 'Blocked').click()
  await see(second.getByRole('button', { name: 'Unblock Ben' })).toBeVisible()
  expect(await findings(second)).toEqual([])
  await inboxRow(page, 'between us').click()
  await see(page.getByText('You have blocked Ben, so nothing can be sent.')).toBeVisible()
  await page.getByRole('button', { name: 'Unblock', exact: true }).click()
  await page.getByRole('button', { name: 'Send a friend request' }).click()
  await see(page.getByText('You have asked Ben to be friends. You can write once they accept.')).toBeVisible()
  expect(await findings(page)).toEqual([])
  const his = await ben.open('/friends')
  await his.getByRole('button', { name: 'Accept the request of Ana' }).click()
  await see(box(page)).toBeVisible()
})

test('by keyboard alone: a card is opened from a name, Escape closes it, and the focus is where it was', async () => {
  const [ana, ben] = await pair()
  const talk = await group(ben, 'Trip', ana)
  await sayAs(ben, talk, 'hello')
  const page = await ana.open(`/c/${talk}`)
  const name = message(page, 'hello').getByRole('button', { name: 'Ben' })
  await name.focus()
  await page.keyboard.press('Enter')
  await see(card(page, 'Ben')).toBeFocused()
  await page.keyboard.press('Escape')
  await see(card(page, 'Ben')).toBeHidden()
  await see(name).toBeFocused()
  await page.keyboard.press('Enter')
  await tabTo(page, card(page, 'Ben').getByRole('button', { name: 'Add friend' }))
  await page.keyboard.press('Enter')
  await see(card(page, 'Ben').getByText('You asked to be friends. Ben has not answered yet.')).toBeVisible()
  await tabTo(page, card(page, 'Ben').getByRole('button', { name: 'Block' }))
  await page.keyboard.press('Enter')
  await see(page.getByRole('alertdialog')).toBeVisible()
  await page.keyboard.press('Escape')
  await see(name).toBeFocused()
})

test('where the browser lets nothing be copied, a username stands there to be selected, and nothing breaks', async () => {
  const [ana, ben] = await pair()
  const talk = await group(ben, 'Trip', ana)
  await sayAs(ben, talk, 'hello')
  // As on an address without HTTPS.
  await ana.device.addInitScript(() => Object.defineProperty(navigator, 'clipboard', { value: undefined }))
  const page = await ana.open(`/c/${talk}`)
  await message(page, 'hello').getByRole('button', { name: 'Ben' }).click()
  await card(page, 'Ben').getByRole('button', { name: 'Copy username' }).click()
  await see(card(page, 'Ben')).toContainText(`@${ben.username}`)
  await see(card(page, 'Ben').getByText('Username copied')).toHaveCount(0)
})

/** What happened while somebody was away: said to, mentioned, asked. */
async function awayed(): Promise<readonly [Person, Person, ConversationId]> {
  const [ana, ben] = await pair()
  const talk = await group(ben, 'Trip', ana)
  const mine = await sayAs(ana, talk, 'when?')
  await sayAs(ben, talk, `at eight, @${ana.username}`, { mentions: [ana.id] })
  await sayAs(ben, talk, 'or at nine', { replyTo: mine.id })
  await askToBeFriends(ben, ana)
  return [ana, ben, talk]
}

test('[R3] what happened while one was away waits, leads to its message, and is answered or seen, on every device', async () => {
  const [ana, , talk] = await awayed()
  const [page, other] = await Promise.all([ana.open('/notifications'), stage.again(ana)])
  const second = await other.open('/notifications')
  await see(row(page, 'Ben mentioned you in Trip')).toContainText(`at eight, @${ana.username}`)
  await see(row(page, 'Ben replied to you in Trip')).toContainText('or at nine')
  await see(row(page, 'Ben would like to be your friend')).toBeVisible()
  await see(row(second, 'Ben mentioned you in Trip')).toBeVisible()
  expect(await findings(page)).toEqual([])

  await row(page, 'Ben would like').getByRole('button', { name: 'Accept the request of Ben' }).click()
  await see(row(page, 'Ben would like')).toBeHidden()
  await row(page, 'Ben mentioned you').getByRole('link').click()
  await see(message(page, `at eight, @${ana.username}`)).toBeVisible()
  expect(page.url()).toMatch(new RegExp(`/c/${talk}/\\d+$`))
  await see(second.getByText('Nothing new')).toBeVisible()
  expect(await findings(second)).toEqual([])
})

test('by keyboard alone, without a network: arrows go through what waits, one and all are marked as seen, and stay so', async () => {
  const [ana] = await awayed()
  const page = await ana.open('/notifications')
  await installed(page)
  await see(row(page, 'Ben')).toHaveCount(4)
  await ana.device.setOffline(true)
  await see(bar(page, 'You are offline')).toBeVisible()
  const links = page.getByRole('main').getByRole('listitem').getByRole('link')
  await tabTo(page, links.first())
  await page.keyboard.press('ArrowDown')
  await see(links.nth(1)).toBeFocused()
  await page.keyboard.press('s')
  await see(row(page, 'Ben')).toHaveCount(3)
  await see(links.nth(1)).toBeFocused()
  await tabTo(page, page.getByRole('button', { name: 'Mark all as seen' }))
  await page.keyboard.press('Enter')
  await see(page.getByText('Nothing new')).toBeVisible()
  expect(await findings(page)).toEqual([])
  await page.reload()
  await see(page.getByText('Nothing new')).toBeVisible()
  await ana.device.setOffline(false)
  const left = () => ana.ask('GET', '/api/notifications', rest.notificationList)
  await see.poll(async () => (await left()).notifications).toEqual([])
})
