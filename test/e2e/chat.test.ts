import type { BrowserContext, Page } from 'playwright'
import { expect, test } from 'vitest'
import { useStage } from '../kit/browser.ts'
import {
  ACKNOWLEDGED,
  bar,
  box,
  group,
  inboxRow,
  logged,
  mark,
  message,
  numbered,
  say,
  see,
  seeAcknowledged,
  seeTexts,
  texts,
} from '../kit/screen.ts'

const stage = useStage()

/** Through the form, as a newcomer. */
async function signUp(device: BrowserContext, name: string): Promise<Page> {
  const page = await device.newPage()
  await page.goto('/')
  await page.getByRole('link', { name: 'Create an account' }).click()
  await page.getByLabel('Name', { exact: true }).fill(name)
  await page.getByLabel('Username', { exact: true }).fill(name.toLowerCase())
  await page.getByLabel('Email', { exact: true }).fill(`${name.toLowerCase()}@example.org`)
  await page.getByLabel('Password', { exact: true }).fill('four words are enough')
  await page.getByRole('button', { name: 'Create account' }).click()
  await see(page.getByRole('heading', { name: `Welcome, ${name}` })).toBeVisible()
  return page
}

test('[L2][C1] two newcomers sign up, meet in a group by username, and read the same conversation', async () => {
  const [ana, ben] = await Promise.all([
    signUp(await stage.device(), 'Ana'),
    signUp(await stage.device(), 'Ben'),
  ])
  await ana.getByRole('button', { name: 'New group' }).first().click()
  const dialog = ana.getByRole('dialog', { name: 'New group' })
  await dialog.getByLabel('Group name').fill('Weekend hike')
  await dialog.getByRole('combobox', { name: 'People' }).fill('ben')
  await dialog.getByRole('option', { name: 'Ben @ben' }).click()
  await dialog.getByRole('button', { name: 'Create group' }).click()
  await see(ana.getByRole('heading', { name: 'Weekend hike', level: 1 })).toBeVisible()
  await inboxRow(ben, 'Weekend hike').click()

  const [fromAna, fromBen] = [numbered('Ana says', 8), numbered('Ben says', 8)]
  await Promise.all([say(ana, ...fromAna), say(ben, ...fromBen)])
  await Promise.all([seeAcknowledged(ana, fromAna), seeAcknowledged(ben, fromBen)])
  const both = [...fromAna, ...fromBen].toSorted()
  await see.poll(async () => (await texts(ana)).toSorted()).toEqual(both)
  await seeTexts(ben, await texts(ana))
})

test('who is typing is seen by the others while it lasts, and who is there while they are', async () => {
  const [ana, ben] = await Promise.all([stage.person('Ana'), stage.person('Ben')])
  const conversation = await group(ana, 'Signs of life', ben)
  const [hers, his] = await Promise.all([ana.open(`/c/${conversation}`), ben.open(`/c/${conversation}`)])
  await see(his.getByText('2 members, 1 online')).toBeVisible()
  await see(hers.getByText('2 members, 1 online')).toBeVisible()

  await box(hers).pressSequentially('Is anybody')
  await see(bar(his, 'Ana is typing')).toBeVisible()
  await see(bar(hers, 'is typing')).toHaveCount(0)
  // Nothing more is typed: the sign goes by itself.
  await see(bar(his, 'Ana is typing')).toHaveCount(0)
  await box(hers).pressSequentially(' there?')
  await see(bar(his, 'Ana is typing')).toBeVisible()
  await box(hers).press('Enter')
  await see(message(his, 'Is anybody there?')).toBeVisible()
  await see(bar(his, 'Ana is typing')).toHaveCount(0)

  await hers.close()
  await see(his.getByText('2 members, 1 online')).toHaveCount(0)
  await see(his.getByText('2 members', { exact: true })).toBeVisible()
})

test('[R2] unread messages are counted while a conversation is not open, and the mark says when they were read', async () => {
  const [ana, ben] = await Promise.all([stage.person('Ana'), stage.person('Ben')])
  const conversation = await group(ana, 'Slow news', ben)
  const [hers, his] = await Promise.all([ana.open(`/c/${conversation}`), ben.open('/')])
  await see(inboxRow(his, 'Slow news')).toBeVisible()

  await say(hers, 'First')
  await see(mark(hers, 'First', 'Sent')).toBeVisible()
  await see(inboxRow(his, 'Slow news').getByRole('img', { name: '1 unread message' })).toBeVisible()
  await say(hers, 'Second')
  await see(inboxRow(his, 'Slow news').getByRole('img', { name: '2 unread messages' })).toBeVisible()
  await see(inboxRow(his, 'Slow news')).toContainText('Ana: Second')
  await see.poll(() => his.title()).toBe('(2) Parley')
  await see(mark(hers, 'Second', 'Sent')).toBeVisible()

  await inboxRow(his, 'Slow news').click()
  await see(mark(hers, 'First', 'Read by 1')).toBeVisible()
  await see(mark(hers, 'Second', 'Read by 1')).toBeVisible()
  await see(inboxRow(his, 'Slow news').getByRole('img', { name: /unread/ })).toHaveCount(0)
  await see.poll(() => his.title()).toBe('Parley')
})

test('[C1] two tabs of one person write without a network: each message is said once, in both', async () => {
  const [ana, ben] = await Promise.all([stage.person('Ana'), stage.person('Ben')])
  const conversation = await group(ana, 'Two tabs', ben)
  const his = await ben.open(`/c/${conversation}`)
  const first = await ana.open(`/c/${conversation}`)
  await say(first, 'before')
  await see(mark(first, 'before', ACKNOWLEDGED)).toBeVisible()
  const second = await ana.open(`/c/${conversation}`)
  await see(message(second, 'before')).toBeVisible()

  await ana.device.setOffline(true)
  await say(first, 'from the first tab')
  await say(second, 'from the second tab')
  await see(mark(first, 'from the first tab', 'Saved on this device')).toBeVisible()
  await see(mark(second, 'from the second tab', 'Saved on this device')).toBeVisible()
  await ana.device.setOffline(false)

  const own = ['from the first tab', 'from the second tab']
  await see.poll(async () => (await texts(his)).toSorted()).toEqual(['before', ...own])
  const order = await logged(ana, conversation)
  expect(order.toSorted()).toEqual(['before', ...own])
  await Promise.all([first, second, his].map((page) => seeTexts(page, order)))
  await Promise.all([first, second].map((page) => seeAcknowledged(page, order)))
})

test('[R1] what one device writes and reads, the other device of the same person goes on from', async () => {
  const [ana, ben] = await Promise.all([stage.person('Ana'), stage.person('Ben')])
  const conversation = await group(ana, 'Two devices', ben)
  const phone = await stage.again(ana)
  const [laptop, inPocket] = await Promise.all([ana.open(`/c/${conversation}`), phone.open('/')])
  await see(inboxRow(inPocket, 'Two devices')).toBeVisible()

  await box(laptop).fill('Half a thought')
  await see(inboxRow(inPocket, 'Two devices')).toContainText('Draft: Half a thought')
  await inboxRow(inPocket, 'Two devices').click()
  await see(box(inPocket)).toHaveValue('Half a thought')
  await box(inPocket).fill('Half a thought, made whole')
  await see(box(laptop)).toHaveValue('Half a thought, made whole')
  await box(laptop).press('Enter')
  await see(mark(inPocket, 'Half a thought, made whole', 'Sent')).toBeVisible()
  await see(box(inPocket)).toHaveValue('')

  // Both look elsewhere while Ben answers; then one of them reads.
  await Promise.all([laptop.goto('/'), inPocket.goto('/')])
  const his = await ben.open(`/c/${conversation}`)
  await say(his, 'Well thought')
  const unread = { name: '1 unread message' }
  await see(inboxRow(laptop, 'Two devices').getByRole('img', unread)).toBeVisible()
  await see(inboxRow(inPocket, 'Two devices').getByRole('img', unread)).toBeVisible()
  await inboxRow(laptop, 'Two devices').click()
  await see(inboxRow(inPocket, 'Two devices').getByRole('img', unread)).toHaveCount(0)
})
