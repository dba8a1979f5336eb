import { rest } from '@parley/protocol'
import pg from 'pg'
import type { Locator, Page } from 'playwright'
import { expect, test } from 'vitest'
import { type Person, useStage } from '../kit/browser.ts'
import { findings } from '../kit/findings.ts'
import { groupOfThePast } from '../kit/past.ts'
import {
  bar,
  box,
  group,
  mark,
  message,
  numbered,
  say,
  sayAllAs,
  sayAs,
  see,
  timeline,
} from '../kit/screen.ts'

const stage = useStage()

/** What Ben has said to Ana before either came here. */
async function longTalk([ana, ben]: readonly [Person, Person], texts: readonly string[]) {
  const start = Date.UTC(2025, 0, 1, 12)
  const said = texts.map((text, n) => ({ at: start + n * 60_000, author: ben.id, text }))
  const client = new pg.Client({ connectionString: stage.server.databaseUrl })
  await client.connect()
  try {
    return await groupOfThePast(client, 'Long talk', [ana.id, ben.id], said)
  } finally {
    await client.end()
  }
}

const topOf = (locator: Locator): Promise<number> =>
  locator.evaluate((element) => element.getBoundingClientRect().top)

/** Until what is on its way to the screen is there: after the next frame. */
const drawn = (page: Page): Promise<unknown> =>
  page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve))))

/** What scrolls. */
const scroller = (page: Page): Locator => timeline(page).locator('xpath=..')

/** React gives an element new properties whenever what it belongs to is drawn again. */
const propertiesOfRows = (page: Page) =>
  page.evaluateHandle(() =>
    [...document.querySelectorAll('[role="log"] article')].map((article) => {
      const key = Object.keys(article).find((each) => each.startsWith('__reactProps')) ?? ''
      return { article, key, properties: (article as unknown as Record<string, unknown>)[key] }
    }),
  )

test('[L2] earlier messages load without a jump, the end stays in sight while the window and the composer change, and writing draws no row again', async () => {
  const [ana, ben] = await Promise.all([stage.person('Ana'), stage.person('Ben')])
  const conversation = await longTalk([ana, ben], numbered('word', 400))
  const page = await ana.open(`/c/${conversation}/60`)
  await page.setViewportSize({ width: 1100, height: 700 })
  await page.getByRole('button', { name: /Jump to the latest|new messages/ }).click()
  const last = message(page, 'word 400')
  await see(last).toBeInViewport({ ratio: 1 })
  // What comes above the messages while one reads is another promise, below.
  await bar(page, 'Be told when somebody answers?').getByRole('button', { name: 'Not now' }).click()

  // At the end: what takes room from the list or gives it back leaves the newest message where it is read.
  await page.setViewportSize({ width: 1100, height: 560 })
  await see(last).toBeInViewport({ ratio: 1 })
  await box(page).fill('one\ntwo\nthree\nfour\nfive')
  await see(last).toBeInViewport({ ratio: 1 })
  await box(page).fill('')
  await see(last).toBeInViewport({ ratio: 1 })

  const before = await propertiesOfRows(page)
  await box(page).pressSequentially('Nothing of this is any business of the rows')
  // Leaving the box keeps the draft, which is a part of what the screen knows of the conversation.
  await box(page).blur()
  await drawn(page)
  const redrawn = await before.evaluate(
    (rows) =>
      rows.filter(({ article, key, properties }) => {
        const now = (article as unknown as Record<string, unknown>)[key]
        return article.isConnected && now !== properties
      }).length,
  )
  expect(redrawn).toBe(0)
  await box(page).fill('')

  // Opened anew, only the newest are there.
  await page.goto(`/c/${conversation}`)
  await see(last).toBeInViewport({ ratio: 1 })
  // Until the person has moved, the list still goes to where it should open.
  await scroller(page).hover()
  await page.mouse.wheel(0, -200)
  await see(last).not.toBeInViewport()
  // Back by one stretch after the other: what is in sight stays where it is while earlier messages come above it.
  const { worst, grown } = await scroller(page).evaluate(async (element) => {
    const frames = async (count: number) => {
      for (let n = 0; n < count; n += 1) await new Promise((resolve) => requestAnimationFrame(resolve))
    }
    const inTheMiddle = () => {
      const { left, top, width, height } = element.getBoundingClientRect()
      return document.elementFromPoint(left + width / 2, top + height / 2)?.closest('[data-id]')
    }
    let [found, come] = [0, 0]
    for (let stretch = 0; stretch < 100 && come < 1500; stretch += 1) {
      element.scrollTop = Math.max(0, element.scrollTop - 600)
      await frames(3)
      const [row, height] = [inTheMiddle(), element.scrollHeight]
      const before = row?.getBoundingClientRect().top
      // Nobody scrolls now, and the next page comes.
      await frames(15)
      if (row?.isConnected !== true || before === undefined) continue
      found = Math.max(found, Math.abs(row.getBoundingClientRect().top - before))
      come += element.scrollHeight - height
    }
    return { worst: found, grown: come }
  })
  expect(grown).toBeGreaterThanOrEqual(1500)
  expect(worst).toBeLessThanOrEqual(2)

  const held = timeline(page).getByRole('article').nth(8)
  const name = await held.locator('p').innerText()
  const top = await topOf(message(page, name))
  await sayAs(ben, conversation, 'Something new far below')
  await see(page.getByRole('button', { name: '1 new message: jump to it' })).toBeVisible()
  expect(Math.abs((await topOf(message(page, name))) - top)).toBeLessThanOrEqual(2)
})

test('[L2] who stands at the end goes on standing there when what others say comes in before an own message that waits', async () => {
  const [ana, ben] = await Promise.all([stage.person('Ana'), stage.person('Ben')])
  const conversation = await longTalk([ana, ben], numbered('word', 40))
  await ana.device.route('**/uploads', (route) => route.abort())
  const page = await ana.open(`/c/${conversation}`)
  await see(message(page, 'word 40')).toBeInViewport({ ratio: 1 })
  const file = { name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('never arrives') }
  await page.locator('input[type=file]').setInputFiles(file)
  await say(page, 'mine waits')
  await see(message(page, 'mine waits')).toBeInViewport({ ratio: 1 })
  await sayAllAs(ben, conversation, numbered('meanwhile', 30))
  await see(message(page, 'meanwhile 30')).toBeInViewport({ ratio: 1 })
  await see(message(page, 'mine waits')).toBeInViewport({ ratio: 1 })
})

test('a bar that comes above the messages, and one that goes, moves nothing of what is being read', async () => {
  const [ana, ben] = await Promise.all([stage.person('Ana'), stage.person('Ben')])
  const conversation = await longTalk([ana, ben], numbered('word', 200))
  const page = await ana.open(`/c/${conversation}/100`)
  const row = message(page, 'word 98')
  await see(row).toBeInViewport({ ratio: 1 })
  const asked = bar(page, 'Be told when somebody answers?')
  await see(asked).toBeVisible()
  // As it is drawn: the list moves with the frame in which the bar comes or goes, and nobody sees it in between.
  const places = async () => {
    await drawn(page)
    return [await topOf(row), await topOf(scroller(page))] as const
  }
  const [top, below] = await places()
  await asked.getByRole('button', { name: 'Not now' }).click()
  await see(asked).toHaveCount(0)
  const [afterwards, edge] = await places()
  expect(edge).toBeLessThan(below)
  expect(Math.abs(afterwards - top)).toBeLessThanOrEqual(2)
  await ana.device.setOffline(true)
  await see(bar(page, 'You are offline')).toBeVisible()
  const [again, belowAgain] = await places()
  expect(belowAgain).toBeGreaterThan(edge)
  expect(Math.abs(again - top)).toBeLessThanOrEqual(2)
})

test('[R2] where the new messages are not on the device yet, one is led to the first of them when they come, and none is read unseen', async () => {
  const [ana, ben] = await Promise.all([stage.person('Ana'), stage.person('Ben')])
  const conversation = await group(ana, 'While away', ben)
  const readSeq = async () => {
    const path = `/api/conversations/${conversation}`
    return (await ana.ask('GET', path, rest.conversationSummary)).readSeq
  }
  for (const text of numbered('old', 30)) await sayAs(ben, conversation, text)
  const page = await ana.open(`/c/${conversation}`)
  await page.setViewportSize({ width: 1100, height: 700 })
  await page.getByRole('button', { name: /Jump to the latest|new message/ }).click()
  await see(message(page, 'old 30')).toBeInViewport({ ratio: 1 })
  const sent: number[] = []
  await see.poll(readSeq).toBeGreaterThan(30)
  await page.goto('about:blank')
  for (const text of numbered('new', 60)) sent.push((await sayAs(ben, conversation, text)).seq)

  const never = await stage.again(ana)
  for (const each of [page, await never.open('about:blank')]) {
    const before = await readSeq()
    const first = sent.findIndex((seq) => seq > before) + 1
    await each.setViewportSize({ width: 1100, height: 700 })
    await each.goto(`/c/${conversation}`)
    await see(message(each, `new ${first}`)).toBeInViewport({ ratio: 1 })
    await see(timeline(each).getByText(/^New( since|$)/)).toBeInViewport()
    await see(message(each, `new ${first + 25}`)).not.toBeInViewport()
    await see.poll(readSeq).toBeGreaterThan(before)
    await each.goto('about:blank')
    expect(await readSeq()).toBeLessThan(sent[first + 24] ?? 0)
  }
})

test('a quote leads to the original and there is a way back; by keyboard alone a message is reached, copied, answered and reacted to', async () => {
  const [ana, ben] = await Promise.all([stage.person('Ana'), stage.person('Ben')])
  const conversation = await group(ana, 'Quotes', ben)
  const question = await sayAs(ben, conversation, 'Where shall we meet?')
  for (const text of numbered('between', 40)) await sayAs(ben, conversation, text)
  await sayAs(ben, conversation, 'At the crane', { replyTo: question.id })
  const page = await ana.open('/')
  await page.setViewportSize({ width: 1100, height: 700 })
  await page.goto(`/c/${conversation}/${question.seq}`)
  await page.getByRole('button', { name: /Jump to the latest|new messages/ }).click()
  const answer = message(page, 'At the crane')
  const original = timeline(page).getByRole('article', { name: /^Ben:? Where shall we meet\? \d/ })
  await see(answer).toBeInViewport()

  // By mouse.
  await answer.getByRole('button', { name: /Where shall we meet/ }).click()
  await see(original).toBeInViewport()
  await page.getByRole('button', { name: 'Back to the reply' }).click()
  await see(answer).toBeInViewport()
  await see(page.getByRole('button', { name: 'Back to the reply' })).toHaveCount(0)

  // By keyboard.
  await box(page).focus()
  await page.keyboard.press('ArrowUp')
  await see(answer).toBeFocused()
  await see(answer).toHaveAccessibleName(/^Ben.*Where shall we meet\? At the crane \d\d:\d\d/)
  await page.keyboard.press('ArrowUp')
  await see(message(page, 'between 40')).toBeFocused()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await see(page.getByRole('menuitem', { name: 'Copy text' })).toBeVisible()
  expect(await findings(page, '[role="menu"]')).toEqual([])
  await page.keyboard.press('Escape')
  await see(page.getByRole('menuitem')).toHaveCount(0)
  await see(answer).toBeFocused()
  await page.keyboard.press('e')
  await see(page.getByRole('button', { name: 'React with 👍' })).toBeVisible()
  await page.getByRole('button', { name: 'React with 👍' }).press('Enter')
  await see(answer.getByRole('button', { name: '👍, 1 person: You' })).toBeVisible()
  await see(answer).toBeFocused()
  await page.keyboard.press('r')
  await see(page.getByRole('button', { name: 'Cancel the reply' })).toBeVisible()
  await see(box(page)).toBeFocused()
  await say(page, 'See you there')
  await see(mark(page, 'See you there', 'Sent')).toBeVisible()
  await box(page).focus()
  await page.keyboard.press('Shift+Tab')
  await page.keyboard.press('Shift+Tab')
  await see(message(page, 'See you there')).toBeFocused()
  await page.keyboard.press('Escape')
  await see(box(page)).toBeFocused()
  expect(await findings(page)).toEqual([])
})

test('what others say is announced once, by whom and what, and own words never', async () => {
  const [ana, ben] = await Promise.all([stage.person('Ana'), stage.person('Ben')])
  const conversation = await group(ana, 'Announced', ben)
  await sayAs(ben, conversation, 'Long before')
  const page = await ana.open(`/c/${conversation}`)
  await see(message(page, 'Long before')).toBeVisible()
  const announced = page.locator('main [role="status"][aria-live="polite"]')
  await see(announced).toHaveText('')
  await sayAs(ben, conversation, 'Is *anybody* here?')
  await see(announced).toHaveText('Ben: Is anybody here?')
  await say(page, 'I am')
  await see(mark(page, 'I am', 'Sent')).toBeVisible()
  await see(announced).toHaveText('Ben: Is anybody here?')
})
