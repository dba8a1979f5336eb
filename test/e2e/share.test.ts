import type { Page } from 'playwright'
import { expect, test } from 'vitest'
import { useStage } from '../kit/browser.ts'
import { findings } from '../kit/findings.ts'
import { box, group, inboxRow, installed, logged, message, say, see } from '../kit/screen.ts'

const stage = useStage()

interface Handed {
  readonly title?: string
  readonly text?: string
  readonly url?: string
  readonly files?: readonly { readonly name: string; readonly content: string }[]
}

/** As the system hands over what another app shares: a form, posted to the app's address. */
async function share(page: Page, handed: Handed): Promise<void> {
  await page.evaluate(({ files = [], ...texts }) => {
    const form = document.createElement('form')
    Object.assign(form, { method: 'post', enctype: 'multipart/form-data', action: '/share' })
    for (const [name, value] of Object.entries(texts)) {
      const field = form.appendChild(document.createElement('input'))
      Object.assign(field, { name, value })
    }
    const field = form.appendChild(document.createElement('input'))
    const transfer = new DataTransfer()
    for (const { name, content } of files)
      transfer.items.add(new File([content], name, { type: 'text/plain' }))
    Object.assign(field, { type: 'file', name: 'files', multiple: true, files: transfer.files })
    document.body.append(form)
    form.submit()
  }, handed)
  await see(page.getByRole('heading', { name: 'Share with', level: 1 })).toBeVisible()
}

const goes = (page: Page, title: string) =>
  page.getByRole('region', { name: 'Where it goes' }).getByRole('button', { name: title })

test('[C5] text and files of another app go where one writes, with no network too, and nothing is sent by itself', async () => {
  const [ana, ben] = await Promise.all([stage.person('Ana'), stage.person('Ben')])
  const [hike] = [await group(ana, 'Weekend hike', ben), await group(ana, 'Office', ben)]
  const page = await ana.open(`/c/${hike}`)
  await see(box(page)).toBeVisible()
  await box(page).fill('Half a thought')
  await installed(page)
  await page.goto('/')
  await see(inboxRow(page, 'Weekend hike')).toContainText('Draft: Half a thought')

  await ana.device.setOffline(true)
  await share(page, {
    title: 'The route',
    text: 'A fine way up',
    url: 'https://example.org/route',
    files: [{ name: 'map.txt', content: 'up and down' }],
  })
  const what = page.getByRole('region', { name: 'What you share' })
  await see(what).toContainText('https://example.org/route')
  await see(what.getByRole('listitem')).toContainText('map.txt')
  expect(await findings(page)).toEqual([])
  // By the keyboard alone: the box has the focus, and the only one left is the next stop.
  await page.keyboard.type('week')
  await see(goes(page, 'Office')).toBeHidden()
  await page.keyboard.press('Tab')
  await see(goes(page, 'Weekend hike')).toBeFocused()
  await page.keyboard.press('Enter')
  await see(box(page)).toHaveValue('Half a thought\nThe route\nA fine way up\nhttps://example.org/route')
  await see(page.getByText('map.txt')).toBeVisible()
  expect(await logged(ben, hike)).toEqual([])

  await ana.device.setOffline(false)
  await box(page).focus()
  await page.keyboard.press('Enter')
  await see
    .poll(() => logged(ben, hike))
    .toEqual(['Half a thought\nThe route\nA fine way up\nhttps://example.org/route'])
  // It was taken: it is not offered again.
  await page.goto('/share')
  await see(page.getByText('There is nothing to share.')).toBeVisible()
})

test('what is shared waits until somebody is signed in, and can be let go', async () => {
  const ana = await stage.person('Ana')
  await group(ana, 'Weekend hike')
  const page = await ana.open('/settings/leaving')
  await installed(page)
  await page.getByRole('button', { name: 'Sign out' }).first().click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Sign out' }).click()
  await see(page.getByRole('heading', { name: 'Welcome back' })).toBeVisible()
  await page.evaluate(() => {
    const form = document.createElement('form')
    Object.assign(form, { method: 'post', enctype: 'multipart/form-data', action: '/share' })
    Object.assign(form.appendChild(document.createElement('input')), { name: 'text', value: 'Kept' })
    document.body.append(form)
    form.submit()
  })
  await see(page).toHaveURL(/\/share$/)
  await signIn(page, ana)
  await see(page.getByRole('region', { name: 'What you share' })).toContainText('Kept')
  await page.getByRole('button', { name: 'Do not share' }).click()
  await see(inboxRow(page, 'Weekend hike')).toBeVisible()
  await page.goto('/share')
  await see(page.getByText('There is nothing to share.')).toBeVisible()
})

async function signIn(page: Page, { username, password }: { username: string; password: string }) {
  await page.getByLabel(/^(Username|Email)/).fill(username)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Sign in' }).click()
}

test('a link to a message leads there after signing in, also by way of the other form', async () => {
  const [ana, ben] = await Promise.all([stage.person('Ana'), stage.person('Ben')])
  const conversation = await group(ana, 'Linked', ben)
  const hers = await ana.open(`/c/${conversation}`)
  await say(hers, 'What the link is about')
  await see.poll(() => logged(ana, conversation)).toHaveLength(1)

  const page = await (await stage.device()).newPage()
  // Behind the events of the making: the group, and Ben in it.
  await page.goto(`/c/${conversation}/3`)
  await see(page.getByRole('heading', { name: 'Welcome back' })).toBeVisible()
  await page.getByRole('link', { name: 'Create an account' }).click()
  await see(page).toHaveURL(/\/sign-up$/)
  await page.getByRole('link', { name: 'Sign in' }).click()
  await signIn(page, ben)
  await see(message(page, 'What the link is about')).toBeVisible()
  expect(new URL(page.url()).pathname).toBe(`/c/${conversation}/3`)
})

test('a link to what is not here says why, and opens by itself when it can', async () => {
  const [ana, ben] = await Promise.all([stage.person('Ana'), stage.person('Ben')])
  await group(ana, 'Known')
  const page = await ana.open('/')
  await see(inboxRow(page, 'Known')).toBeVisible()
  await installed(page)
  await ana.device.setOffline(true)
  const later = await group(ben, 'Made meanwhile', ana)
  await page.goto(`/c/${later}`)
  await see(page.getByRole('heading', { name: 'Not on this device yet' })).toBeVisible()
  expect(await findings(page)).toEqual([])
  await ana.device.setOffline(false)
  await see(page.getByRole('heading', { name: 'Made meanwhile', level: 1 })).toBeVisible()

  const strangers = await group(ben, 'Not hers')
  await page.goto(`/c/${strangers}`)
  await see(page.getByRole('button', { name: 'To your conversations' })).toBeVisible()
  expect(await findings(page)).toEqual([])
})
