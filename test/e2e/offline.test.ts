import { rest } from '@parley/protocol'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { useStage } from '../kit/browser.ts'
import {
  bar,
  box,
  group,
  inboxRow,
  installed,
  logged,
  mark,
  message,
  numbered,
  say,
  see,
  seeAcknowledged,
  seeTexts,
  texts,
  timeline,
} from '../kit/screen.ts'

const stage = useStage()

test('[C5][R4][L2] without a network all is read, ten messages wait over a restart, and arrive once and in order', async () => {
  const [ana, ben] = await Promise.all([stage.person('Ana'), stage.person('Ben')])
  const conversation = await group(ana, 'On the train', ben)
  const old = numbered('old', 12)
  const say12 = `/api/conversations/${conversation}/events`
  for (const text of old) await ben.ask('POST', say12, rest.said, { type: 'message', text })
  const his = await ben.open(`/c/${conversation}`)
  const before = await ana.open(`/c/${conversation}`)
  await seeTexts(before, old)
  await installed(before)

  await ana.device.setOffline(true)
  await see(bar(before, 'You are offline.')).toBeVisible()
  await before.reload()
  await seeTexts(before, old)
  const waiting = numbered('from the tunnel', 10)
  await say(before, ...waiting)
  await see(bar(before, 'You are offline. What you write will be sent later: 10 waiting.')).toBeVisible()
  for (const text of waiting) await see(mark(before, text, 'Saved on this device')).toBeVisible()
  await see(inboxRow(before, 'On the train').getByRole('img', { name: 'Waiting to be sent' })).toBeVisible()

  await before.close()
  const after = await ana.open('/')
  await inboxRow(after, 'On the train').click()
  await seeTexts(after, [...old, ...waiting])
  await see(bar(after, '10 waiting')).toBeVisible()
  await seeTexts(his, old)

  await ana.device.setOffline(false)
  await seeTexts(his, [...old, ...waiting])
  await seeAcknowledged(after, waiting)
  await seeTexts(after, [...old, ...waiting])
  await see(bar(after, 'You are offline')).toHaveCount(0)
  expect(await logged(ben, conversation)).toEqual([...old, ...waiting])
})

test('[R4] a history longer than the live document is read to its beginning without a network', async () => {
  const ana = await stage.person('Ana')
  const conversation = await group(ana, 'Archive')
  const events = `/api/conversations/${conversation}/events`
  const all = numbered('line', 300)
  for (const text of all) await ana.ask('POST', events, rest.said, { type: 'message', text })
  const page = await ana.open('/settings/storage')
  await installed(page)
  await see(page.getByText(/^302 messages, .+ on this device; history complete$/)).toBeVisible()

  await ana.device.setOffline(true)
  await page.goto(`/c/${conversation}`)
  await see(message(page, 'line 300')).toBeVisible()
  await timeline(page).hover()
  await see(async () => {
    await page.mouse.wheel(0, -4000)
    await see(message(page, 'line 1')).toBeVisible({ timeout: 200 })
  }).toPass({ timeout: 30_000 })
  await see(page.getByText('This is where “Archive” begins.')).toBeVisible()
  expect((await texts(page)).slice(0, 20)).toEqual(all.slice(0, 20))
})

test('[C5] a group made without a network and what is said in it are there when the network is', async () => {
  const [ana, ben] = await Promise.all([stage.person('Ana'), stage.person('Ben')])
  const [hers, his] = await Promise.all([ana.open(), ben.open()])
  await hers.getByRole('button', { name: 'New group' }).first().click()
  const dialog = hers.getByRole('dialog', { name: 'New group' })
  await dialog.getByLabel('Group name').fill('Made in the tunnel')
  await dialog.getByRole('combobox', { name: 'People' }).fill(ben.username)
  await dialog.getByRole('option', { name: ben.name }).click()
  await ana.device.setOffline(true)
  await dialog.getByRole('button', { name: 'Create group' }).click()
  await say(hers, 'Are you there?')
  await see(mark(hers, 'Are you there?', 'Saved on this device')).toBeVisible()

  await ana.device.setOffline(false)
  await inboxRow(his, 'Made in the tunnel').click()
  await seeTexts(his, ['Are you there?'])
  await see(mark(hers, 'Are you there?', 'Read by 1')).toBeVisible()
})

test('[C3][C2] a refused message says why, can be tried again and discarded, and blocks nothing behind it', async () => {
  const [ana, ben] = await Promise.all([stage.person('Ana'), stage.person('Ben')])
  const [closed, open] = [await group(ana, 'Closed', ben), await group(ana, 'Open', ben)]
  const membership = `/api/conversations/${closed}/members`
  const his = await ben.open(`/c/${closed}`)
  await see(box(his)).toBeVisible()
  await installed(his)
  await ben.device.setOffline(true)
  await say(his, 'too late', 'far too late')
  await inboxRow(his, 'Open').click()
  await say(his, 'goes through')
  await see(bar(his, '3 waiting')).toBeVisible()
  await ana.ask('DELETE', `${membership}/${ben.id}`, z.unknown())

  await ben.device.setOffline(false)
  await see(mark(his, 'goes through', 'Sent')).toBeVisible()
  expect(await logged(ana, open)).toEqual(['goes through'])
  await see(bar(his, '2 things you did were not accepted.')).toBeVisible()
  await inboxRow(his, 'Closed').click()
  const why = { hasText: 'Not sent. You are not allowed to do this here.' }
  for (const text of ['too late', 'far too late'])
    await see(message(his, text).getByRole('alert').filter(why)).toBeVisible()

  // Refused again while nothing has changed, taken once Ben is a member again.
  await message(his, 'too late').getByRole('button', { name: 'Try again' }).click()
  await see(bar(his, '2 things you did were not accepted.')).toBeVisible()
  await see(message(his, 'too late').getByRole('alert').filter(why)).toBeVisible()
  await ana.ask('POST', membership, z.unknown(), { user: ben.id })
  await see(box(his)).toBeVisible()
  await message(his, 'too late').getByRole('button', { name: 'Try again' }).click()
  await see(mark(his, 'too late', 'Sent')).toBeVisible()
  await message(his, 'far too late').getByRole('button', { name: 'Discard' }).click()
  await see(message(his, 'far too late')).toHaveCount(0)
  await see(bar(his, 'not accepted')).toHaveCount(0)
  await seeTexts(his, ['too late'])
  expect(await logged(ana, closed)).toEqual(['too late'])
})

test('[C5] a first visit that loses the network before all files are there stays, and goes on when it is back', async () => {
  const ana = await stage.person('Ana')
  // The worker that would fetch all files never comes, as in some private windows.
  await ana.device.addInitScript(() => {
    if (!('serviceWorker' in navigator)) return
    navigator.serviceWorker.register = () =>
      Promise.reject(new DOMException('no workers here', 'SecurityError'))
  })
  const conversation = await group(ana, 'First minute')
  const page = await ana.open(`/c/${conversation}`)
  await see(box(page)).toBeVisible()
  await ana.device.setOffline(true)
  await page.getByRole('link', { name: 'Settings' }).click()
  await see(bar(page, 'You are offline.')).toBeVisible()
  await inboxRow(page, 'First minute').click()
  await say(page, 'still here')
  await see(mark(page, 'still here', 'Saved on this device')).toBeVisible()
  await message(page, 'still here').hover()

  await page.getByRole('link', { name: 'Settings' }).click()
  await ana.device.setOffline(false)
  await see(page.getByRole('heading', { name: 'Settings', level: 1 })).toBeVisible()
  await inboxRow(page, 'First minute').click()
  await message(page, 'still here').hover()
  await see(message(page, 'still here').getByRole('button', { name: 'Actions' })).toBeVisible()
  // The screens come back with their files, what waits with the connection: either may be first.
  await see(mark(page, 'still here', 'Sent')).toBeVisible()
  expect(await logged(ana, conversation)).toEqual(['still here'])
})
