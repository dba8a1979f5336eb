import type { Locator, Page } from 'playwright'
import { expect, test } from 'vitest'
import { useStage } from '../kit/browser.ts'
import { findings } from '../kit/findings.ts'
import { box, group, installed, message, sayAs, see } from '../kit/screen.ts'

const stage = useStage()

const here = (page: Page, title: string): Locator =>
  page.getByRole('combobox', { name: `Search in “${title}”` })
const hits = (page: Page): Locator => page.getByRole('group', { name: 'Messages' }).getByRole('option')

/** Two conversations with the same word in them; the first is open. */
async function twoGardens() {
  const [ana, ben] = await Promise.all([stage.person('Ana'), stage.person('Ben')])
  const [garden, office] = [await group(ana, 'Garden', ben), await group(ana, 'Office', ben)]
  await sayAs(ben, garden, 'A zebra among the roses')
  await sayAs(ben, office, 'A **zebra** in the _office_')
  const page = await ana.open(`/c/${garden}`)
  await see(message(page, 'A zebra among the roses')).toBeVisible()
  return { ana, garden, page }
}

test('the button above a conversation searches it alone, until that is taken away', async () => {
  const { garden, page } = await twoGardens()
  await page.getByRole('button', { name: 'Search this conversation' }).click()
  await see(here(page, 'Garden')).toBeFocused()
  await here(page, 'Garden').fill('zebra')
  await see(hits(page)).toHaveText([/A zebra among the roses/])
  expect(await findings(page, '[role=dialog]')).toEqual([])
  await page.getByRole('button', { name: 'Search everywhere' }).click()
  await see(page.getByRole('combobox', { name: 'Search', exact: true })).toBeFocused()
  await see(hits(page)).toHaveCount(2)
  // Without its markup, and with what was found marked in it.
  await see(hits(page).filter({ hasText: 'A zebra in the office' }).locator('mark')).toHaveText('zebra')
  await hits(page).filter({ hasText: 'roses' }).click()
  await see(page).toHaveURL(new RegExp(`/c/${garden}/\\d+$`))
  await see(page.getByRole('dialog')).toHaveCount(0)
})

test('by keyboard: Ctrl+F searches the open conversation, also without a network; elsewhere the key is the browser’s', async () => {
  const { ana, page } = await twoGardens()
  await installed(page)
  await see(box(page)).toBeFocused()
  await page.keyboard.press('Control+f')
  await see(page.getByRole('dialog').getByRole('status')).toContainText(/on this device: all \d+ messages/)
  await page.keyboard.press('Escape')
  await see(box(page)).toBeFocused()
  await ana.device.setOffline(true)
  await page.keyboard.press('Control+f')
  await see(here(page, 'Garden')).toBeFocused()
  await page.keyboard.type('zebra')
  await see(hits(page)).toHaveText([/A zebra among the roses/])
  await page.keyboard.press('Enter')
  await see(page.getByRole('dialog')).toHaveCount(0)
  await see(message(page, 'A zebra among the roses')).toBeInViewport()

  await page.keyboard.press('Control+f')
  await see(here(page, 'Garden')).toBeFocused()
  await page.keyboard.press('Backspace')
  await see(page.getByRole('combobox', { name: 'Search', exact: true })).toBeFocused()
  await page.keyboard.type('zebra')
  await see(hits(page)).toHaveCount(2)
  await page.keyboard.press('Escape')

  await page.getByRole('link', { name: 'Settings' }).click()
  await see(page.getByRole('heading', { name: 'Settings' })).toBeVisible()
  // Listening before the key is pressed: what is asked of a page and what is typed into it come on different ways.
  await page.evaluate(() => {
    const left: boolean[] = []
    Object.assign(globalThis, { left })
    addEventListener('keydown', ({ key, defaultPrevented }) => key === 'f' && left.push(!defaultPrevented))
  })
  await page.keyboard.press('Control+f')
  const left = () => page.evaluate(() => (globalThis as unknown as { left: readonly boolean[] }).left)
  await see.poll(left).toEqual([true])
  await see(page.getByRole('dialog')).toHaveCount(0)
})
