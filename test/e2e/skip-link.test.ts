import { expect, test } from 'vitest'
import { useStage } from '../kit/browser.ts'
import { findings } from '../kit/findings.ts'
import { box, group, message, sayAs, see } from '../kit/screen.ts'

const stage = useStage()

test('the first stop of the keyboard leads past the list, to the message box or the messages, and is seen while it is there', async () => {
  const [ana, ben] = await Promise.all([stage.person('Ana'), stage.person('Ben')])
  const conversation = await group(ana, 'Far behind', ben)
  await sayAs(ben, conversation, 'Here I am')
  const page = await ana.open(`/c/${conversation}`)
  await see(box(page)).toBeFocused()
  const link = (name: string) => page.getByRole('link', { name })
  const beginAtTheTop = () =>
    page.evaluate(() => {
      const first = document.body.querySelector('a')
      first?.focus()
      first?.blur()
    })
  const isSeen = (name: string) => link(name).evaluate((each) => getComputedStyle(each).clipPath === 'none')

  await beginAtTheTop()
  expect(await isSeen('Skip to the message box')).toBe(false)
  await link('Skip to the message box').focus()
  expect(await isSeen('Skip to the message box')).toBe(true)
  await page.keyboard.press('Shift+Tab')
  await page.keyboard.press('Tab')
  await see(link('Skip to the message box')).toBeFocused()
  expect(await findings(page)).toEqual([])
  await page.keyboard.press('Enter')
  await see(box(page)).toBeFocused()

  await link('Skip to the message box').focus()
  await page.keyboard.press('Tab')
  await see(link('Skip to the messages')).toBeFocused()
  await page.keyboard.press('Enter')
  await see(message(page, 'Here I am')).toBeFocused()

  await page.goto('/friends')
  await see(page.getByRole('heading', { name: 'Friends', level: 1 })).toBeVisible()
  await link('Skip to the content').focus()
  await page.keyboard.press('Enter')
  await page.keyboard.press('Tab')
  await see(page.locator('#main :focus')).toHaveCount(1)
  expect(new URL(page.url()).hash).toBe('')
})
