import type { Page, WebSocket as PageSocket } from 'playwright'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { crash, type Person, useStage } from '../kit/browser.ts'
import {
  bar,
  box,
  group,
  logged,
  mark,
  message,
  numbered,
  say,
  see,
  seeAcknowledged,
  seeTexts,
} from '../kit/screen.ts'

const stage = useStage()
let pool: pg.Pool
beforeAll(() => {
  pool = new pg.Pool({ connectionString: stage.server.databaseUrl })
})
afterAll(() => pool.end())

/** Connections of this person, as the server counts them. */
async function connections({ id }: Person): Promise<number> {
  const counted = await pool.query<{ count: string }>(
    'SELECT count(*) FROM active_connections WHERE user_id = $1',
    [id],
  )
  return Number(counted.rows[0]?.count)
}

/** A tab, and the connections it has open. */
interface Tab {
  readonly page: Page
  readonly sockets: Set<PageSocket>
}

async function openTab(person: Person, path: string): Promise<Tab> {
  const page = await person.device.newPage()
  const sockets = new Set<PageSocket>()
  page.on('websocket', (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  page.on('crash', () => sockets.clear())
  await page.goto(path)
  return { page, sockets }
}

const leading = (tabs: readonly Tab[]): readonly boolean[] => tabs.map(({ sockets }) => sockets.size > 0)
const leaderOf = (tabs: readonly Tab[]): Tab => {
  const leader = tabs.find(({ sockets }) => sockets.size > 0)
  if (leader === undefined) throw new Error('no tab has a connection')
  return leader
}

test('three tabs of one person have one connection; what is said shows in all, whichever it is written in', async () => {
  const [ana, ben] = await Promise.all([stage.person('Ana'), stage.person('Ben')])
  const conversation = await group(ana, 'Three windows', ben)
  const path = `/c/${conversation}`
  const tabs = await Promise.all([openTab(ana, path), openTab(ana, path), openTab(ana, path)])
  const his = await ben.open(path)
  await Promise.all(tabs.map(({ page }) => see(box(page)).toBeVisible()))
  await see.poll(() => leading(tabs).filter(Boolean).length).toBe(1)
  await say(his, 'To all of you')
  await Promise.all(tabs.map(({ page }) => see(message(page, 'To all of you')).toBeVisible()))
  const words = numbered('From window', 3)
  for (const [index, { page }] of tabs.entries()) {
    const text = words[index] ?? ''
    await say(page, text)
    // Windows know nothing of each other's keys: the order is that in which their words are kept.
    await Promise.all(tabs.map((tab) => see(message(tab.page, text)).toBeVisible()))
  }
  const all = ['To all of you', ...words]
  await Promise.all([...tabs.map(({ page }) => page), his].map((page) => seeTexts(page, all)))
  await Promise.all(tabs.map(({ page }) => seeAcknowledged(page, all.slice(1))))
  // On a machine that stands still for seconds a tab takes the connection over from one that does not answer.
  await see.poll(() => leading(tabs).filter(Boolean).length).toBe(1)
  await see.poll(() => connections(ana)).toBe(1)

  // Typing in a window without a connection, and being there in any of them.
  const follower = tabs.find((tab) => tab !== leaderOf(tabs))
  if (follower === undefined) throw new Error('two of three follow')
  await see(his.getByText('2 members, 1 online')).toBeVisible()
  await box(follower.page).pressSequentially('One more')
  await see(bar(his, 'Ana is typing')).toBeVisible()
  await box(his).pressSequentially('And I')
  await Promise.all(tabs.map(({ page }) => see(bar(page, 'Ben is typing')).toBeVisible()))
})

test('[N1][C1] the tab with the connection dies: another has it at once, and nothing is lost or said twice', async () => {
  const [ana, ben] = await Promise.all([stage.person('Ana'), stage.person('Ben')])
  const conversation = await group(ana, 'Relay', ben)
  const path = `/c/${conversation}`
  const his = await ben.open(path)
  const tabs = await Promise.all([openTab(ana, path), openTab(ana, path), openTab(ana, path)])
  await Promise.all(tabs.map(({ page }) => see(box(page)).toBeVisible()))
  await see.poll(() => leading(tabs).filter(Boolean).length).toBe(1)
  const said: string[] = []
  for (const round of [1, 2]) {
    const leader = leaderOf(tabs)
    const [writer] = tabs.filter((tab) => tab !== leader)
    if (writer === undefined) throw new Error('somebody is left to write')
    const [before, after] = [numbered(`before ${round}.`, 3), numbered(`after ${round}.`, 3)]
    await say(writer.page, ...before)
    if (round === 1) await crash(leader.page)
    else await leader.page.close()
    tabs.splice(tabs.indexOf(leader), 1)
    await say(writer.page, ...after)
    said.push(...before, ...after)
    await see.poll(() => leading(tabs).filter(Boolean).length).toBe(1)
    await Promise.all([his, ...tabs.map(({ page }) => page)].map((page) => seeTexts(page, said)))
    await seeAcknowledged(writer.page, said)
  }
  expect(await logged(ana, conversation)).toEqual(said)
  await see.poll(() => connections(ana)).toBe(1)
})

test('a tab with the connection that the browser stops, or that hangs, keeps no other waiting', async () => {
  const [ana, ben] = await Promise.all([stage.person('Ana'), stage.person('Ben')])
  const conversation = await group(ana, 'Frozen', ben)
  const path = `/c/${conversation}`
  const his = await ben.open(path)
  const tabs = await Promise.all([openTab(ana, path), openTab(ana, path)])
  await Promise.all(tabs.map(({ page }) => see(box(page)).toBeVisible()))
  await see.poll(() => leading(tabs).filter(Boolean).length).toBe(1)
  const first = leaderOf(tabs)
  const [second] = tabs.filter((tab) => tab !== first)
  if (second === undefined) throw new Error('one of two follows')
  // Chromium freezes no page that counts as focused, as all of Playwright's do: it is told in the browser's words.
  await first.page.evaluate(() => document.dispatchEvent(new Event('freeze')))
  await see.poll(() => [first.sockets.size, second.sockets.size]).toEqual([0, 1])
  await say(second.page, 'while the other is frozen')
  await seeTexts(his, ['while the other is frozen'])
  await first.page.evaluate(() => document.dispatchEvent(new Event('resume')))
  await seeTexts(first.page, ['while the other is frozen'])

  // Busy for a long time: it neither answers nor lets go of anything.
  const hang = second.page.evaluate(() => {
    const end = Date.now() + 20_000
    while (Date.now() < end);
  })
  await say(first.page, 'while the other hangs')
  await seeTexts(his, ['while the other is frozen', 'while the other hangs'])
  await hang
  await seeTexts(second.page, ['while the other is frozen', 'while the other hangs'])
  await see.poll(() => [first.sockets.size, second.sockets.size]).toEqual([1, 0])
})

test('[C5] without a network all tabs show what one has written, and what it is writing', async () => {
  const ana = await stage.person('Ana')
  const conversation = await group(ana, 'Offline windows')
  const path = `/c/${conversation}`
  const [one, two] = [await ana.open(path), await ana.open(path)]
  await Promise.all([one, two].map((page) => see(box(page)).toBeVisible()))
  await ana.device.setOffline(true)
  await say(one, 'from one')
  await see(mark(two, 'from one', 'Saved on this device')).toBeVisible()
  await say(two, 'from two')
  await seeTexts(one, ['from one', 'from two'])
  await box(one).fill('half a thought')
  await see(box(two)).toHaveValue('half a thought')
  await see(bar(two, 'You are offline. What you write will be sent later: 2 waiting.')).toBeVisible()
  await ana.device.setOffline(false)
  await Promise.all([one, two].map((page) => seeAcknowledged(page, ['from one', 'from two'])))
  expect(await logged(ana, conversation)).toEqual(['from one', 'from two'])
})

test('[S4] signing out and in reaches all tabs', async () => {
  const ana = await stage.person('Ana')
  const [one, two] = [await ana.open('/settings/leaving'), await ana.open('/')]
  await see(two.getByRole('heading', { name: 'Welcome, Ana' })).toBeVisible()
  await one.getByRole('button', { name: 'Sign out', exact: true }).click()
  await one.getByRole('alertdialog').getByRole('button', { name: 'Sign out' }).click()
  await Promise.all(
    [one, two].map((page) => see(page.getByRole('button', { name: 'Sign in' })).toBeVisible()),
  )
  await two.getByLabel('Email or username').fill(ana.username)
  await two.getByLabel('Password', { exact: true }).fill(ana.password)
  await two.getByRole('button', { name: 'Sign in' }).click()
  await Promise.all(
    [one, two].map((page) => see(page.getByRole('heading', { name: 'Welcome, Ana' })).toBeVisible()),
  )
  await see.poll(() => connections(ana)).toBe(1)
})

test('[S4][C3] a session that ends is over in all tabs, and goes on in all once one of them has signed in', async () => {
  const ana = await stage.person('Ana')
  const conversation = await group(ana, 'Two windows')
  const path = `/c/${conversation}`
  const tabs = [await openTab(ana, path), await openTab(ana, path)]
  await Promise.all(tabs.map(({ page }) => see(box(page)).toBeVisible()))
  await see.poll(() => leading(tabs).filter(Boolean).length).toBe(1)
  const first = leaderOf(tabs)
  const other = await (await stage.again(ana)).open('/settings/devices')
  await other.getByRole('button', { name: /^Sign out .* on / }).click()
  const ended = tabs.map(({ page }) => bar(page, 'You were signed out of this device.'))
  await Promise.all(ended.map((each) => see(each).toBeVisible()))
  for (const [index, { page }] of tabs.entries()) {
    await say(page, `window ${index + 1}`)
    await see(mark(page, `window ${index + 1}`, 'Saved on this device')).toBeVisible()
  }
  // In the tab that had no connection.
  const follower = tabs.find((tab) => tab !== first) ?? first
  await bar(follower.page, 'You were signed out').getByRole('button', { name: 'Sign in' }).click()
  const dialog = follower.page.getByRole('dialog', { name: 'Welcome back' })
  await dialog.getByLabel('Password', { exact: true }).fill(ana.password)
  await dialog.getByRole('button', { name: 'Sign in' }).click()
  await Promise.all(tabs.map(({ page }) => seeAcknowledged(page, numbered('window', 2))))
  await Promise.all(ended.map((each) => see(each).toHaveCount(0)))
})
