import type { Page } from 'playwright'
import { expect, test } from 'vitest'
import { type Person, useStage } from '../kit/browser.ts'
import { findings } from '../kit/findings.ts'
import { group, message, see, sayAs } from '../kit/screen.ts'
import { asPhone, sweep } from '../kit/touch.ts'

const stage = useStage()

/** A page like a phone's, with one message of Ben's on it. */
async function pocket(language: 'en' | 'ar') {
  const [ana, ben] = await Promise.all([stage.person('Ana'), stage.person('Ben')])
  const conversation = await group(ana, 'Pocket', ben)
  await sayAs(ben, conversation, 'Are you coming along?')
  const page = await ana.open()
  await page.evaluate((locale) => localStorage.setItem('parley.language', locale), language)
  const devtools = await asPhone(page)
  await page.goto(`/c/${conversation}`)
  const said = page.getByRole('log').getByText('Are you coming along?', { exact: true })
  await see(said).toBeVisible()
  const middle = async () => {
    const { x = 0, y = 0, width = 0, height = 0 } = (await said.boundingBox()) ?? {}
    return { x: x + width / 2, y: y + height / 2 }
  }
  const drawAside = async (along: number, across = 0): Promise<void> => {
    const from = await middle()
    await sweep(devtools, from, { x: from.x + along, y: from.y + across })
  }
  return { ana, ben, page, conversation, drawAside }
}

const seeReply = async (page: Page, cancel: string, author: Person): Promise<void> => {
  await see(page.getByRole('button', { name: cancel })).toBeVisible()
  await see(page.locator('form').filter({ hasText: 'Are you coming along?' })).toContainText(author.name)
  await see(page.locator('#composer')).toBeFocused()
}

test('a finger draws a message aside to answer it; less of the way, the other way or up and down it answers nothing', async () => {
  const { ben, page, drawAside } = await pocket('en')
  const cancel = page.getByRole('button', { name: 'Cancel the reply' })
  const article = message(page, 'Are you coming along?')
  for (const [along, across] of [
    [40, 0],
    [-90, 0],
    [60, 120],
  ] as const) {
    await drawAside(along, across)
    await see(article).toHaveCSS('translate', 'none')
  }
  await see(cancel).toHaveCount(0)

  await drawAside(90)
  await seeReply(page, 'Cancel the reply', ben)
  // It is where it was before.
  await see(article).toHaveCSS('translate', 'none')
  expect(await findings(page)).toEqual([])
  await page.keyboard.type('On my way')
  await page.getByRole('button', { name: 'Send' }).click()
  await see(message(page, 'On my way').getByRole('button', { name: /Are you coming along/ })).toBeVisible()
  await see(cancel).toHaveCount(0)
})

test('from right to left a finger draws the other way to answer', async () => {
  const { ben, page, drawAside } = await pocket('ar')
  await see(page.locator('html')).toHaveAttribute('dir', 'rtl')
  await drawAside(90)
  await see(page.getByRole('button', { name: 'إلغاء الرد' })).toHaveCount(0)
  await drawAside(-90)
  await seeReply(page, 'إلغاء الرد', ben)
})
