import type { Page } from 'playwright'
import { expect, test } from 'vitest'
import { useStage } from '../kit/browser.ts'
import {
  ACKNOWLEDGED,
  acknowledged,
  bar,
  box,
  group,
  installed,
  logged,
  mark,
  numbered,
  say,
  see,
  seeAcknowledged,
  seeTexts,
} from '../kit/screen.ts'

const stage = useStage()
const KILLS = 4
const EACH = 4

/** Until the page has a live connection; asks for it as an impatient person does. */
const seeLive = (page: Page): Promise<void> =>
  see
    .poll(async () => {
      const now = page.getByRole('button', { name: 'Try now' })
      await now.evaluateAll((buttons) => buttons.forEach((button) => (button as HTMLElement).click()))
      return await bar(page, /cannot be reached|Connecting/).count()
    })
    .toBe(0)

test('[N1][C1] a server killed while both write loses nothing that was shown as sent, and doubles nothing', async () => {
  const [ana, ben] = await Promise.all([stage.person('Ana'), stage.person('Ben')])
  const conversation = await group(ana, 'Rough seas', ben)
  const [hers, his] = await Promise.all([ana.open(`/c/${conversation}`), ben.open(`/c/${conversation}`)])
  for (const page of [hers, his]) {
    // Everything that will be said stays in sight.
    await page.setViewportSize({ width: 1280, height: 3000 })
    await see(box(page)).toBeVisible()
    await installed(page)
  }
  const all: string[] = []
  const promised = new Set<string>()
  for (let kill = 1; kill <= KILLS; kill += 1) {
    const fromAna = numbered(`Ana ${kill}.`, EACH)
    const fromBen = numbered(`Ben ${kill}.`, EACH)
    all.push(...fromAna, ...fromBen)
    const killed = see(mark(hers, fromAna[1] ?? '', ACKNOWLEDGED))
      .toBeVisible()
      .then(() => stage.server.kill())
    await Promise.all([say(hers, ...fromAna), say(his, ...fromBen), killed])
    const answered = [...(await acknowledged(hers)), ...(await acknowledged(his))]
    for (const text of answered) promised.add(text)
    await see(bar(hers, 'The server cannot be reached.')).toBeVisible()
    await say(hers, `Ana meanwhile ${kill}`)
    await say(his, `Ben meanwhile ${kill}`)
    all.push(`Ana meanwhile ${kill}`, `Ben meanwhile ${kill}`)
    await stage.server.start()
    const log = await logged(ana, conversation)
    expect([...promised].filter((text) => !log.includes(text))).toEqual([])
    await Promise.all([seeLive(hers), seeLive(his)])
  }
  expect(promised.size).toBeGreaterThan(KILLS)

  await see.poll(async () => (await logged(ana, conversation)).toSorted()).toEqual(all.toSorted())
  const order = await logged(ana, conversation)
  await Promise.all([hers, his].map((page) => seeTexts(page, order)))
  await seeAcknowledged(
    hers,
    order.filter((text) => text.startsWith('Ana')),
  )
  await seeAcknowledged(
    his,
    order.filter((text) => text.startsWith('Ben')),
  )
  for (const author of ['Ana', 'Ben']) {
    const given = all.filter((text) => text.startsWith(author))
    expect(order.filter((text) => text.startsWith(author))).toEqual(given)
  }
})
