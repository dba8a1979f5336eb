import type { Page } from 'playwright'
import { test } from 'vitest'
import { useStage } from '../kit/browser.ts'
import { group, message, sayAs, say, see, seeAcknowledged, timeline } from '../kit/screen.ts'

const stage = useStage()

const HOUR = 60 * 60_000

/** The window has the person's attention, or has lost it to another program. */
const attend = (page: Page, isAttentive: boolean): Promise<void> =>
  page.evaluate((has) => {
    document.hasFocus = () => has
    dispatchEvent(new Event(has ? 'focus' : 'blur'))
  }, isAttentive)

/** What the line above the new messages says. */
const line = (page: Page) => timeline(page).getByText(/^New\b/)

test('what came while one was away says since when, in a window that stayed open and in one that was opened again, also where another device stayed connected', async () => {
  const [ana, ben] = await Promise.all([stage.person('Ana'), stage.person('Ben')])
  const conversation = await group(ana, 'While away', ben)
  const [hers, his] = await Promise.all([ana.open(`/c/${conversation}`), ben.open(`/c/${conversation}`)])
  await say(hers, 'See you')
  await seeAcknowledged(hers, ['See you'])
  await see(message(his, 'See you')).toBeVisible()

  await attend(hers, false)
  await his.goto('about:blank')
  await hers.clock.setSystemTime(Date.now() + 2 * HOUR)
  await sayAs(ben, conversation, 'Anybody?')
  await see(message(hers, 'Anybody?')).toBeVisible()
  await attend(hers, true)
  await see(line(hers)).toHaveText('New since you were here (2 hours ago)')

  await sayAs(ana, conversation, 'Me')
  const elsewhere = await (await stage.again(ben)).open('/')
  await see(elsewhere.getByRole('link', { name: /While away/ })).toBeVisible()
  await his.clock.setSystemTime(Date.now() + 5 * HOUR)
  await his.goto(`/c/${conversation}`)
  await see(message(his, 'Me')).toBeVisible()
  await see(line(his)).toHaveText('New since you were here (5 hours ago)')
})
