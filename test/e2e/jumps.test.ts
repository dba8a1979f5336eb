import type { Millis } from '@parley/protocol'
import pg from 'pg'
import { test } from 'vitest'
import { useStage } from '../kit/browser.ts'
import { groupOfThePast, type PastMessage } from '../kit/past.ts'
import { bar, installed, message, see, timeline } from '../kit/screen.ts'

const stage = useStage()

const HOUR: Millis = 60 * 60_000
const DAY: Millis = 24 * HOUR
/** Noon of a day long ago: the same day in every time zone that people test in. */
const START = Date.UTC(2025, 0, 1, 12)
const DAYS = 400

/** Ana and Ben, who have said five things a day for more than a year; the last of all answers the first. */
async function longTalk() {
  const [ana, ben] = await Promise.all([stage.person('Ana'), stage.person('Ben')])
  const said = Array.from({ length: DAYS * 5 }, (_, n): PastMessage => ({
    at: START + Math.floor(n / 5) * DAY + (n % 5) * 60_000,
    author: n % 2 === 0 ? ana.id : ben.id,
    text: `day ${Math.floor(n / 5) + 1}, word ${(n % 5) + 1}`,
  }))
  const answer = { at: START + DAYS * DAY, author: ben.id, text: 'As you said then.', replyTo: 0 }
  const client = new pg.Client({ connectionString: stage.server.databaseUrl })
  await client.connect()
  try {
    const conversation = await groupOfThePast(client, 'Old friends', [ana.id, ben.id], [...said, answer])
    return { ana, conversation }
  } finally {
    await client.end()
  }
}

test('a day leads to any other day, a reply to what it answers however long ago, and back to the newest; also without a network', async () => {
  const { ana, conversation } = await longTalk()
  const page = await ana.open(`/c/${conversation}`)
  await see(message(page, 'As you said then.')).toBeInViewport()
  const goTo = async (date: string) => {
    await timeline(page).getByTitle('Go to a date').first().click()
    await timeline(page).getByLabel('Go to a date').fill(date)
  }
  await goTo('2025-06-01')
  await see(message(page, 'day 152, word 1')).toBeInViewport()
  await see(message(page, 'day 151, word 5')).toBeInViewport()

  await page.getByRole('button', { name: 'Jump to the latest message' }).click()
  await see(message(page, 'As you said then.')).toBeInViewport()
  await message(page, 'As you said then.')
    .getByRole('button', { name: /day 1, word 1/ })
    .click()
  await see(message(page, 'day 1, word 1')).toBeInViewport()
  await see(page.getByRole('heading', { name: 'Old friends', level: 2 })).toBeVisible()

  const settings = await ana.open('/settings/storage')
  await installed(settings)
  await see(settings.getByText(/history complete$/)).toBeVisible()
  await settings.close()
  await ana.device.setOffline(true)
  await goTo('2025-12-24')
  await see(message(page, 'day 358, word 1')).toBeInViewport()
  await see(bar(page, 'is not on this device yet')).toHaveCount(0)
})
