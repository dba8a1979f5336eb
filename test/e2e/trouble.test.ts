import type { Page } from 'playwright'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { type Person, useStage } from '../kit/browser.ts'
import { findings } from '../kit/findings.ts'
import {
  ACKNOWLEDGED,
  bar,
  box,
  group,
  inboxRow,
  installed,
  logged,
  mark,
  message,
  say,
  see,
  seeAcknowledged,
  seeTexts,
} from '../kit/screen.ts'

const stage = useStage()

/** From the settings of this device. */
async function signOutTheOther(person: Person): Promise<void> {
  const page = await person.open('/settings/devices')
  await page.getByRole('button', { name: /^Sign out .* on / }).click()
  await see(page.getByRole('button', { name: /^Sign out .* on / })).toHaveCount(0)
}

test('[S4][C3] signed out elsewhere, the page says so, keeps what was not sent, and goes on after signing in', async () => {
  const ana = await stage.person('Ana')
  const conversation = await group(ana, 'Notes')
  const page = await ana.open(`/c/${conversation}`)
  await say(page, 'sent before')
  await see(mark(page, 'sent before', 'Sent')).toBeVisible()
  await installed(page)
  await ana.device.setOffline(true)
  await say(page, 'written offline')
  await box(page).fill('half a draft')
  await signOutTheOther(await stage.again(ana))

  await ana.device.setOffline(false)
  const ended = bar(page, 'You were signed out of this device.')
  await see(ended).toBeVisible()
  await seeTexts(page, ['sent before', 'written offline'])
  await see(mark(page, 'written offline', 'Saved on this device')).toBeVisible()
  await see(box(page)).toHaveValue('half a draft')
  await box(page).press('Enter')
  await see(mark(page, 'half a draft', 'Saved on this device')).toBeVisible()
  await page.reload()
  await seeTexts(page, ['sent before', 'written offline', 'half a draft'])

  await ended.getByRole('button', { name: 'Sign in' }).click()
  const dialog = page.getByRole('dialog', { name: 'Welcome back' })
  await see(dialog.getByLabel('Email or username')).toHaveValue(ana.username)
  await dialog.getByLabel('Password', { exact: true }).fill(ana.password)
  await dialog.getByRole('button', { name: 'Sign in' }).click()
  const all = ['sent before', 'written offline', 'half a draft']
  await seeAcknowledged(page, all)
  await see(ended).toHaveCount(0)
  expect(await logged(ana, conversation)).toEqual(all)
})

test('[S4] signing a device out elsewhere reaches the page that is open there', async () => {
  const ana = await stage.person('Ana')
  const page = await ana.open()
  await see(page.getByRole('heading', { name: 'Welcome, Ana' })).toBeVisible()
  const other = await stage.again(ana)
  await see(bar(page, 'You were signed out of this device.')).toHaveCount(0)
  await signOutTheOther(other)
  await see(bar(page, 'You were signed out of this device.')).toBeVisible()
})

/**
 * Chromium 156 takes the quota that its protocol can set for the origin and does not apply it to
 * IndexedDB. So a device that is full is played here, at the one place where records are written.
 */
function fillable(): void {
  const store = IDBObjectStore.prototype
  for (const write of ['add', 'put'] as const) {
    const original = store[write]
    store[write] = function (this: IDBObjectStore, ...given: Parameters<typeof original>) {
      if ((globalThis as { isFull?: boolean }).isFull === true)
        throw new DOMException('no space is left', 'QuotaExceededError')
      return original.apply(this, given)
    }
  }
}

const setFull = (page: Page, isFull: boolean): Promise<unknown> =>
  page.evaluate((full) => Object.assign(globalThis, { isFull: full }), isFull)

test('a screen that breaks says so, and the others are there as before', async () => {
  const ana = await stage.person('Ana')
  await group(ana, 'Notes')
  const page = await ana.device.newPage()
  await page.route('**/assets/friends-screen-*.js', (route) =>
    route.fulfill({
      contentType: 'text/javascript',
      body: 'export default function Friends() { throw new Error("broken") }',
    }),
  )
  await page.goto('/friends')
  await see(page.getByRole('heading', { name: 'Something broke here' })).toBeVisible()
  expect(await findings(page)).toEqual([])
  await inboxRow(page, 'Notes').click()
  await say(page, 'all the same')
  await see(mark(page, 'all the same', 'Sent')).toBeVisible()
  await page.goBack()
  await see(page.getByRole('heading', { name: 'Something broke here' })).toBeVisible()
})

test('a part of the app that does not come takes nothing away of what is said above the screens', async () => {
  const [ana, ben] = await Promise.all([stage.person('Ana'), stage.person('Ben')])
  const conversation = await group(ana, 'Farewell', ben)
  await ben.device.addInitScript(() => {
    // A first visit, whose files come over the line.
    Reflect.deleteProperty(Navigator.prototype, 'serviceWorker')
  })
  await ben.device.route('**/assets/refused-commands-*.js', (route) => route.abort())
  const page = await ben.open(`/c/${conversation}`)
  await see(page.getByRole('textbox', { name: 'Message', exact: true })).toBeEditable()
  await ben.device.setOffline(true)
  await say(page, 'Too late')
  await ana.ask('DELETE', `/api/conversations/${conversation}/members/${ben.id}`, z.unknown())
  const asked = page.waitForRequest('**/assets/refused-commands-*.js')
  await ben.device.setOffline(false)
  await asked
  await ben.device.setOffline(true)
  await see(bar(page, 'You are offline')).toBeVisible()
})

test('[C6] what a full device cannot keep is said in words, and never shown as saved', async () => {
  const ana = await stage.person('Ana')
  const conversation = await group(ana, 'Full')
  await ana.device.addInitScript(fillable)
  const page = await ana.open(`/c/${conversation}`)
  await say(page, 'there was room')
  await see(mark(page, 'there was room', 'Sent')).toBeVisible()
  await ana.device.setOffline(true)
  await setFull(page, true)
  await say(page, 'no room for this')
  const failure = message(page, 'no room for this').getByRole('alert')
  await see(failure).toContainText('Not saved on this device yet. This device has no room left for Parley')
  await see(bar(page, 'This device has no room left for Parley')).toBeVisible()
  await see(mark(page, 'no room for this', 'Saved on this device')).toHaveCount(0)

  await setFull(page, false)
  await failure.getByRole('button', { name: 'Try again' }).click()
  await see(mark(page, 'no room for this', 'Saved on this device')).toBeVisible()
  await see(failure).toHaveCount(0)
  await see(bar(page, 'no room left')).toHaveCount(0)
  await page.close()
  await ana.device.setOffline(false)
  const again = await ana.open(`/c/${conversation}`)
  await see(mark(again, 'no room for this', ACKNOWLEDGED)).toBeVisible()
  await seeTexts(again, ['there was room', 'no room for this'])
})
