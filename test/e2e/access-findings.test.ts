import { rest } from '@parley/protocol'
import type { Page } from 'playwright'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { useStage } from '../kit/browser.ts'
import { findings } from '../kit/findings.ts'
import { bar, box, group, inboxRow, mark, message, say, sayAllAs, see, seeHolding } from '../kit/screen.ts'

const stage = useStage()

/** What axe finds, by where it was found. */
function looks() {
  const found: Record<string, readonly string[]> = {}
  const look = async (what: string, page: Page, ...parts: readonly string[]): Promise<void> => {
    const all = await findings(page, ...parts)
    if (all.length > 0) found[what] = all
  }
  return { found, look }
}

test('nothing serious stands in the way on the screens and states that nothing else looks at', async () => {
  const [ana, ben, newcomer] = await Promise.all([
    stage.person('Ana'),
    stage.person('Ben'),
    stage.person('Nia'),
  ])
  const talk = await group(ben, 'Garden', ana)
  const past = await group(ana, 'Past', ben)
  await sayAllAs(ben, talk, ['hello', `@${ana.username} look`])
  await ben.ask('POST', '/api/conversations', rest.conversationSummary, {
    kind: 'channel',
    title: 'Birds',
    members: [],
  })
  await ana.ask('PATCH', `/api/conversations/${past}`, z.unknown(), { archived: true })
  const { found, look } = looks()
  const first = await newcomer.open()
  await see(first.getByRole('heading', { name: 'Welcome, Nia' })).toBeVisible()
  await look('first visit', first)
  await first.goto('/c/0199d3a0-ffff-7000-8000-000000000000')
  await see(first.getByText('This conversation is not here')).toBeVisible()
  await look('unknown conversation', first, 'main')

  const page = await ana.open()
  await see(inboxRow(page, 'Garden').getByLabel('2 unread messages')).toBeVisible()
  await page.getByRole('button', { name: /Archived/ }).click()
  await see(inboxRow(page, 'Past')).toBeVisible()
  await look('list', page)
  await page.goto('/channels')
  await see(page.getByText('Birds')).toBeVisible()
  await look('channels', page, 'main')
  await page.goto(`/c/${past}`)
  await see(page.getByText('This group is archived. It can be read, not written to.')).toBeVisible()
  await look('archived', page, 'main')

  await page.goto(`/c/${talk}`)
  await see(box(page)).toBeFocused()
  for (const item of ['New channel', 'Message a friend']) {
    await page.getByRole('button', { name: 'New conversation' }).click()
    await see(page.getByRole('menu')).toBeVisible()
    await page.getByRole('menuitem', { name: item }).click()
    await see(page.getByRole('dialog')).toBeVisible()
    await look(item, page, '[role=dialog]')
    await page.keyboard.press('Escape')
    await see(page.getByRole('dialog')).toHaveCount(0)
  }
  await page.keyboard.press('Control+/')
  await see(page.getByRole('dialog')).toBeVisible()
  await look('keys', page, '[role=dialog]')
  await page.keyboard.press('Escape')
  await message(page, 'hello').hover()
  await message(page, 'hello').getByRole('button', { name: 'Actions' }).click()
  await see(page.getByRole('menu')).toBeVisible()
  await look('actions', page)
  await page.keyboard.press('Escape')
  await see(page.getByRole('menu')).toHaveCount(0)
  await seeHolding(message(page, 'hello'))
  await page.keyboard.press('e')
  await see(page.getByRole('dialog')).toBeVisible()
  await look('react', page, '[role=dialog]')

  expect(found).toEqual({})
})

test('nothing serious stands in the way on a phone, nor of what was refused, nor of who was signed out elsewhere', async () => {
  const [ana, ben] = await Promise.all([stage.person('Ana'), stage.person('Ben')])
  const talk = await group(ben, 'Garden', ana)
  await sayAllAs(ben, talk, ['hello', `@${ana.username} look`])
  const { found, look } = looks()
  const page = await ana.open(`/c/${talk}`)
  await page.setViewportSize({ width: 390, height: 844 })
  await see(box(page)).toBeVisible()
  await look('phone', page)
  await ana.device.setOffline(true)
  await see(bar(page, 'You are offline')).toBeVisible()
  await say(page, 'too late')
  await see(mark(page, 'too late', 'Saved on this device')).toBeVisible()
  await ben.ask('PATCH', `/api/conversations/${talk}`, z.unknown(), { archived: true })
  await ana.device.setOffline(false)
  await see(bar(page, /not accepted/i)).toBeVisible()
  await see(page.getByText('This group is archived. It can be read, not written to.')).toBeVisible()
  await look('refused', page)
  await bar(page, /not accepted/i)
    .getByRole('button')
    .click()
  await see(page.getByRole('dialog').getByRole('listitem')).toBeVisible()
  await look('what was refused', page, '[role=dialog]')
  await page.keyboard.press('Escape')
  await see(page.getByRole('dialog')).toHaveCount(0)

  const elsewhere = await stage.again(ana)
  const { sessions } = await elsewhere.ask('GET', '/api/sessions', rest.sessionList)
  for (const { id, current } of sessions)
    if (!current) await elsewhere.ask('DELETE', `/api/sessions/${id}`, z.unknown())
  await bar(page, 'You were signed out of this device.').getByRole('button').first().click()
  await see(page.getByRole('dialog')).toBeVisible()
  await look('signed out elsewhere', page)
  expect(found).toEqual({})
})
