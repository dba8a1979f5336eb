import type { Page } from 'playwright'
import { expect, test } from 'vitest'
import { type Person, useStage } from '../kit/browser.ts'
import { findings } from '../kit/findings.ts'
import { installed, see } from '../kit/screen.ts'

const stage = useStage()

/** What the browser shows for this app now. */
const notifications = (page: Page): Promise<readonly { title: string }[]> =>
  page.evaluate(async () => {
    const registration = await navigator.serviceWorker.ready
    return (await registration.getNotifications()).map(({ title }) => ({ title }))
  })

/** A device whose person has said yes to the browser, and whose browser reaches no push service. */
async function allowed(name: string): Promise<Person> {
  const person = await stage.person(name)
  await person.device.grantPermissions(['notifications'])
  await person.device.addInitScript(() => {
    PushManager.prototype.subscribe = () => Promise.reject(new DOMException('no service', 'AbortError'))
  })
  return person
}

test('notifications are set by keys alone, say what is so in every state, and keep nobody out', async () => {
  const ana = await allowed('Ana')
  const hers = await ana.open('/settings/notifications')
  await installed(hers)
  const on = hers.getByRole('button', { name: 'Turn on' })
  await on.focus()
  await hers.keyboard.press('Enter')
  await see(hers.getByText(/^On while Parley is open/)).toBeVisible()
  await hers.getByRole('button', { name: 'Show a test notification' }).focus()
  await hers.keyboard.press('Enter')
  await see(hers.getByText('A test notification has been shown.')).toBeVisible()
  await see.poll(async () => (await notifications(hers))[0]?.title).toBe('This is how Parley tells you')
  await hers.getByRole('radio', { name: 'Name and text' }).focus()
  await hers.keyboard.press('ArrowRight')
  await see(hers.getByRole('radio', { name: 'Only that there is something' })).toBeChecked()
  await hers.getByRole('combobox', { name: 'Groups' }).selectOption('Mentions and replies')
  expect(await findings(hers)).toEqual([])
  await hers.reload()
  await see(hers.getByText(/^On while Parley is open/)).toBeVisible()
  await see(hers.getByRole('combobox', { name: 'Groups' })).toHaveValue('mentions')
  await hers.getByRole('button', { name: 'Turn off' }).click()
  await see(hers.getByText('Off on this device.')).toBeVisible()
  await ana.device.addInitScript(() => {
    Object.defineProperty(Notification, 'permission', { get: () => 'denied' })
  })
  await hers.reload()
  await see(hers.getByText(/^This browser does not let Parley show notifications/)).toBeVisible()
  expect(await findings(hers)).toEqual([])
})
