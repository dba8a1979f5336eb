import { expect, test } from 'vitest'
import { useStage } from '../kit/browser.ts'
import { findings } from '../kit/findings.ts'
import { bar, box, group, installed, mark, message, say, see } from '../kit/screen.ts'

const stage = useStage()

test('nothing serious stands in the way of signing up', async () => {
  const page = await (await stage.device()).newPage()
  await page.goto('/sign-up')
  await page.getByRole('button', { name: 'Create account' }).click()
  await see(page.getByText('Please fill this in.').first()).toBeVisible()
  expect(await findings(page)).toEqual([])
})

test('nothing serious stands in the way of talking, grouping, settings, and of all that without a network', async () => {
  const [ana, ben] = await Promise.all([stage.person('Ana'), stage.person('Ben')])
  const conversation = await group(ana, 'For everyone', ben)
  const [page, his] = await Promise.all([ana.open(`/c/${conversation}`), ben.open(`/c/${conversation}`)])
  await say(page, 'A word **said**, with `code` and https://example.org')
  await say(his, '@ana1, and an answer')
  await see(message(page, '@ana1, and an answer')).toBeVisible()
  await box(his).pressSequentially('And')
  await see(bar(page, 'Ben is typing')).toBeVisible()
  expect(await findings(page), 'conversation').toEqual([])

  await page.getByRole('button', { name: 'Details', exact: true }).click()
  await see(page.getByRole('complementary', { name: 'Details' })).toBeVisible()
  expect(await findings(page), 'details').toEqual([])

  await page.getByRole('button', { name: 'New conversation' }).click()
  await page.getByRole('menuitem', { name: 'New group' }).click()
  await see(page.getByRole('dialog', { name: 'New group' })).toBeVisible()
  await page.getByRole('combobox', { name: 'People' }).fill(ben.username)
  await see(page.getByRole('option', { name: ben.name })).toBeVisible()
  expect(await findings(page), 'new group').toEqual([])
  await page.getByRole('button', { name: 'Cancel' }).click()

  await page.getByRole('link', { name: 'Settings' }).click()
  await see(page.getByRole('heading', { name: 'Profile' })).toBeVisible()
  expect(await findings(page), 'settings').toEqual([])

  await installed(page)
  await ana.device.setOffline(true)
  await page.goto(`/c/${conversation}`)
  await say(page, 'Later')
  await see(mark(page, 'Later', 'Saved on this device')).toBeVisible()
  await see(bar(page, '1 waiting')).toBeVisible()
  expect(await findings(page), 'offline').toEqual([])
})

test('every screen lives on files of this server alone, under its policy', async () => {
  const [ana, ben] = await Promise.all([stage.person('Ana'), stage.person('Ben')])
  const conversation = await group(ana, 'Ours', ben)
  const entrance = await (await stage.device()).newPage()
  const hosts = new Set<string>()
  for (const device of [ana.device, entrance.context()])
    device.on('request', (request) => hosts.add(new URL(request.url()).host))
  const answer = await entrance.goto('/sign-up')
  expect(answer?.headers()['content-security-policy']).toContain("default-src 'self'")
  const page = await ana.open(`/c/${conversation}`)
  await say(
    page,
    '![picture](https://example.org/a.png) <img src=https://example.org/b.png> https://example.org',
  )
  await see(page.getByRole('article')).toBeVisible()
  await page.getByRole('button', { name: 'Details', exact: true }).click()
  await see(page.getByRole('complementary', { name: 'Details' })).toBeVisible()
  await page.getByRole('link', { name: 'Settings' }).click()
  await see(page.getByRole('heading', { name: 'Profile' })).toBeVisible()
  await installed(page)
  await page.reload()
  await see(page.getByRole('heading', { name: 'Settings', level: 1 })).toBeVisible()
  // What breaks the policy or throws is heard by the stage, on every page of every test.
  expect([...hosts]).toEqual([new URL(stage.server.url).host])
})

test('an invitation in the link goes along with the sign-up', async () => {
  const page = await (await stage.device()).newPage()
  await page.goto('/sign-up?invitation=a-code_1')
  await page.getByLabel('Name', { exact: true }).fill('Ina')
  await page.getByLabel('Username').fill('ina.invited')
  await page.getByLabel('Email').fill('ina@example.org')
  await page.getByLabel('Password', { exact: true }).fill('four green lamps')
  const asked = page.waitForRequest(
    (request) => request.method() === 'POST' && request.url().endsWith('/api/users'),
  )
  await page.getByRole('button', { name: 'Create account' }).click()
  expect((await asked).postDataJSON()).toMatchObject({ username: 'ina.invited', invitation: 'a-code_1' })
  await see(page.getByText('@ina.invited')).toBeVisible()
})
