import { readFile } from 'node:fs/promises'
import { rest } from '@parley/protocol'
import type { Page } from 'playwright'
import { expect, test } from 'vitest'
import { type Person, useStage } from '../kit/browser.ts'
import { findings } from '../kit/findings.ts'
import { bar, group, installed, sayAs, see, seeHolding } from '../kit/screen.ts'

const stage = useStage()

const sections = (page: Page) => page.getByRole('navigation', { name: 'Sections of the settings' })
const section = (page: Page, name: string) => page.getByRole('region', { name, exact: true })
const goTo = async (page: Page, name: string): Promise<void> => {
  await sections(page).getByRole('link', { name }).click()
  await see(page.getByRole('heading', { level: 2, name, exact: true })).toBeVisible()
}
/** Presses Tab until that has the keyboard. */
async function tabTo(page: Page, name: string): Promise<void> {
  for (let presses = 0; presses < 60; presses += 1) {
    await page.keyboard.press('Tab')
    const focused = await page.evaluate(() => {
      const { activeElement: at } = document
      const label = at instanceof HTMLInputElement ? at.labels?.[0]?.textContent : at?.textContent
      return at?.getAttribute('aria-label') ?? label ?? ''
    })
    if (focused.trim() === name) return
  }
  throw new Error(`the keyboard never comes to ${name}`)
}
const signedIn = (page: Page, person: Person) =>
  page.goto('/').then(() => see(page.getByRole('heading', { name: `Welcome, ${person.name}` })).toBeVisible())

const NAMES = [
  'Profile',
  'Password',
  'Devices',
  'Notifications',
  'Appearance',
  'Language',
  'Keyboard shortcuts',
  'On this device',
  'Export',
  'Access tokens',
  'About',
  'Sign out and delete',
]

test('every section has an address of its own, and nothing serious stands in its way', async () => {
  const ana = await stage.person('Ana')
  await group(ana, 'A group')
  const page = await ana.open('/settings')
  const found: string[] = []
  const seen = new Set<string>()
  for (const name of NAMES) {
    await goTo(page, name)
    seen.add(page.url())
    found.push(...(await findings(page, 'main')))
  }
  expect(found).toEqual([])
  expect(seen.size).toBe(NAMES.length)
  await page.reload()
  await see(page.getByRole('heading', { level: 2, name: 'Sign out and delete' })).toBeVisible()
  await page.goBack()
  await see(page.getByRole('heading', { level: 2, name: 'About' })).toBeVisible()
})

test('on a phone there is first the list, then the section, and the way back', async () => {
  const ana = await stage.person('Ana')
  const page = await ana.open('/')
  await page.setViewportSize({ width: 390, height: 844 })
  await page.goto('/settings')
  await see(sections(page)).toBeVisible()
  await see(section(page, 'Profile')).toBeHidden()
  await sections(page).getByRole('link', { name: 'Appearance' }).click()
  await see(section(page, 'Appearance')).toBeVisible()
  await see(sections(page)).toBeHidden()
  expect(await findings(page, 'main')).toEqual([])
  await page.getByRole('button', { name: 'Back' }).click()
  await see(sections(page)).toBeVisible()
})

test('a name is changed by mouse, on all devices; one that is taken is said beside its field', async () => {
  const [ana, ben] = await Promise.all([stage.person('Ana'), stage.person('Ben')])
  const [page, other] = [
    await ana.open('/settings/profile'),
    await (await stage.again(ana)).open('/settings'),
  ]
  await page.getByLabel('Name', { exact: true }).fill('Ana Lindqvist')
  await page.getByRole('button', { name: 'Save' }).click()
  await see(section(page, 'Profile').getByRole('status').filter({ hasText: 'Saved' })).toBeVisible()
  await see(other.getByLabel('Name', { exact: true })).toHaveValue('Ana Lindqvist')
  await page.getByLabel('Username').fill(ben.username)
  await page.getByRole('button', { name: 'Save' }).click()
  await see(page.getByText('This username is taken.')).toBeVisible()
  await see(page.getByLabel('Username')).toBeFocused()
  expect(await findings(page, 'main')).toEqual([])
})

test('an email is changed by keyboard alone, with the password, and not without', async () => {
  const ana = await stage.person('Ana')
  const page = await ana.open('/settings/profile')
  await see(section(page, 'Profile')).toBeVisible()
  await tabTo(page, 'Email')
  await page.keyboard.press('ControlOrMeta+a')
  await page.keyboard.type(`${ana.username}@new.example.org`)
  await page.keyboard.press('Enter')
  await see(page.getByLabel('Current password')).toBeFocused()
  await page.keyboard.type('not the password')
  await page.keyboard.press('Enter')
  await see(page.getByText('That is not your current password.')).toBeVisible()
  await page.keyboard.press('ControlOrMeta+a')
  await page.keyboard.type(ana.password)
  await page.keyboard.press('Enter')
  await see(page.getByRole('status').filter({ hasText: 'Saved' })).toBeVisible()
  expect((await ana.ask('GET', '/api/users/me', rest.me)).email).toBe(`${ana.username}@new.example.org`)
})

test('[S4] a new password signs the other devices out; a wrong one is said beside its field', async () => {
  const ana = await stage.person('Ana')
  const page = await ana.open('/settings/password')
  const other = await (await stage.again(ana)).open('/')
  await see(other.getByRole('heading', { name: 'Welcome, Ana' })).toBeVisible()
  await page.getByLabel('Current password').fill('wrong')
  await page.getByLabel('New password').fill('four green lamps')
  await see(page.getByText(/^Password strength:/)).toBeVisible()
  await page.getByRole('button', { name: 'Change password' }).click()
  await see(page.getByText('That is not your current password.')).toBeVisible()
  await see(page.getByLabel('Current password')).toBeFocused()
  await page.keyboard.press('ControlOrMeta+a')
  await page.keyboard.type(ana.password)
  await page.keyboard.press('Enter')
  await see(page.getByText('Your password is changed.')).toBeVisible()
  await see(bar(other, 'You were signed out of this device.')).toBeVisible()
  await signedIn(page, ana)
})

test('what the server has listed stays when it cannot be asked any more, and is asked for anew with the connection', async () => {
  const ana = await stage.person('Ana')
  await stage.again(ana)
  const page = await ana.open('/settings/devices')
  const others = page.getByRole('button', { name: /^Sign out .* on / })
  const failed = page.getByText('The list cannot be loaded now.')
  await see(others).toHaveCount(1)
  await ana.device.setOffline(true)
  await see(failed).toBeVisible()
  await see(others).toHaveCount(1)
  await stage.again(ana)
  await ana.device.setOffline(false)
  await see(others).toHaveCount(2)
  await see(failed).toHaveCount(0)
})

test('[S4] all other devices are signed out at once, by keyboard alone', async () => {
  const ana = await stage.person('Ana')
  const others = await Promise.all([stage.again(ana), stage.again(ana)])
  const pages = await Promise.all(others.map((each) => each.open()))
  const page = await ana.open('/settings/devices')
  await see(page.getByRole('button', { name: /^Sign out .* on / })).toHaveCount(2)
  await tabTo(page, 'Sign out everywhere else')
  await page.keyboard.press('Enter')
  const question = page.getByRole('alertdialog', { name: 'Sign out everywhere else?' })
  await see(question).toContainText('2 other devices are signed out.')
  await seeHolding(question)
  await tabTo(page, 'Sign out all others')
  await page.keyboard.press('Enter')
  await see(page.getByRole('button', { name: /^Sign out .* on / })).toHaveCount(0)
  for (const each of pages) await see(bar(each, 'You were signed out of this device.')).toBeVisible()
})

test('[S2] a token is shown once, opens the API, and is locked out when it is revoked', async () => {
  const ana = await stage.person('Ana')
  const page = await ana.open('/settings/tokens')
  await page.getByLabel('New token for').fill('Backup script')
  await page.getByLabel('New token for').press('Enter')
  const made = page.getByRole('alertdialog', { name: 'Token for “Backup script”' })
  const secret = await made.getByLabel('The token').inputValue()
  expect(await findings(page, '[role=alertdialog]')).toEqual([])
  const ask = (): Promise<number> =>
    page.evaluate(
      async (token) =>
        (await fetch('/api/users/me', { credentials: 'omit', headers: { Authorization: `Bearer ${token}` } }))
          .status,
      secret,
    )
  expect(await ask()).toBe(200)
  await made.getByRole('button', { name: 'Done' }).click()
  await page.reload()
  await see(page.getByText('Backup script', { exact: true })).toBeVisible()
  expect(await page.content()).not.toContain(secret)
  await tabTo(page, 'Revoke Backup script')
  await page.keyboard.press('Enter')
  await seeHolding(page.getByRole('alertdialog'))
  await tabTo(page, 'Revoke')
  await page.keyboard.press('Enter')
  await see(page.getByText('No program has a token.')).toBeVisible()
  expect(await ask()).toBe(401)
})

test('look and language are chosen with the arrow keys, at once, and stay', async () => {
  const ana = await stage.person('Ana')
  const page = await ana.open('/settings/appearance')
  const root = page.locator('html')
  await page.getByRole('radio', { name: 'System' }).focus()
  await page.keyboard.press('ArrowRight')
  await see(root).toHaveAttribute('data-theme', 'light')
  await page.keyboard.press('ArrowRight')
  await see(root).toHaveAttribute('data-theme', 'dark')
  await page.getByRole('radio', { name: 'Comfortable' }).focus()
  await page.keyboard.press('ArrowRight')
  await page.reload()
  await see(root).toHaveAttribute('data-theme', 'dark')
  await see(root).toHaveAttribute('data-density', 'compact')
  await page.goto('/settings/language')
  await page.getByRole('radio', { name: 'العربية' }).check({ force: true })
  await see(root).toHaveAttribute('dir', 'rtl')
  await page.reload()
  await see(root).toHaveAttribute('lang', 'ar')
})

test('everything is saved as one archive, the profile also without a network', async () => {
  const ana = await stage.person('Ana')
  const conversation = await group(ana, 'Summer / trip')
  await sayAs(ana, conversation, 'words to keep')
  const page = await ana.open('/settings/export')
  await see(page.getByRole('link', { name: 'Save Summer / trip' })).toBeVisible()
  const saved = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  const download = await saved
  expect(download.suggestedFilename()).toMatch(/^parley-ana\d+-\d{4}-\d\d-\d\d\.tar$/)
  const text = await readFile(await download.path(), 'utf8')
  for (const part of ['profile.json', 'conversations/Summer trip.jsonl', 'words to keep', ana.username])
    expect(text).toContain(part)
  await see(page.getByText('Saved to your downloads.')).toBeVisible()
  await installed(page)
  await ana.device.setOffline(true)
  await see(
    page.getByText('Conversations are saved from the server, which cannot be reached now.'),
  ).toBeVisible()
  await see(page.getByRole('button', { name: 'Save', exact: true })).toBeDisabled()
  const profile = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Save profile' }).click()
  expect(await readFile(await (await profile).path(), 'utf8')).toContain(ana.username)
})

test('[S4] an account is deleted by who types its name, by keyboard alone; what was said stays', async () => {
  const [ana, ben] = await Promise.all([stage.person('Ana'), stage.person('Ben')])
  const conversation = await group(ben, 'What stays', ana)
  await sayAs(ana, conversation, 'said before')
  const page = await ana.open('/settings/leaving')
  await see(section(page, 'Delete account')).toBeVisible()
  await tabTo(page, 'Delete account…')
  await page.keyboard.press('Enter')
  const question = page.getByRole('alertdialog', { name: 'Delete your account for good?' })
  await see(question.getByRole('textbox')).toBeFocused()
  expect(await findings(page, '[role=alertdialog]')).toEqual([])
  await page.keyboard.type('somebody else')
  await page.keyboard.press('Enter')
  await see(question.getByText('That is not your username.')).toBeVisible()
  await page.keyboard.press('ControlOrMeta+a')
  await page.keyboard.type(ana.username)
  await page.keyboard.press('Enter')
  await see(page.getByRole('heading', { name: 'Create your account' })).toBeVisible()
  const his = await ben.open(`/c/${conversation}`)
  await see(his.getByText('said before', { exact: true }).first()).toBeVisible()
  expect((await ben.ask('GET', `/api/users/${ana.id}`, rest.user)).deleted).toBe(true)
})

test('[C3] without a network what was typed stays, and what needs the server says so', async () => {
  const ana = await stage.person('Ana')
  const page = await ana.open('/settings/profile')
  await installed(page)
  await ana.device.setOffline(true)
  await page.getByLabel('Name', { exact: true }).fill('Ana by the sea')
  await page.getByRole('button', { name: 'Save' }).click()
  await see(page.getByText('The server cannot be reached. This needs a network')).toBeVisible()
  await see(page.getByLabel('Name', { exact: true })).toHaveValue('Ana by the sea')
  expect(await findings(page, 'main')).toEqual([])
  await ana.device.setOffline(false)
  await page.getByRole('button', { name: 'Save' }).click()
  await see(page.getByRole('status').filter({ hasText: 'Saved' })).toBeVisible()
})
