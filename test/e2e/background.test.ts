import { expect, test } from 'vitest'
import { openBackground } from '../kit/background.ts'
import { type Person, useStage } from '../kit/browser.ts'
import {
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

/** Ana writes while no server answers, and closes her last window. */
async function closedTooEarly(ana: Person, ben: Person) {
  const conversation = await group(ana, 'Behind closed windows', ben)
  const hers = await ana.open(`/c/${conversation}`)
  await see(box(hers)).toBeVisible()
  await installed(hers)
  await stage.server.kill()
  const waiting = numbered('waiting', 5)
  await say(hers, ...waiting)
  for (const text of waiting) await see(mark(hers, text, 'Saved on this device')).toBeVisible()
  await hers.close()
  await stage.server.start()
  return { conversation, waiting }
}

test('[C5][C1] what waits when the last window is closed is sent without one, once and in order', async () => {
  const [ana, ben] = await Promise.all([stage.person('Ana'), stage.person('Ben')])
  const { conversation, waiting } = await closedTooEarly(ana, ben)
  await see.poll(() => logged(ana, conversation)).toEqual(waiting)
  const his = await ben.open(`/c/${conversation}`)
  await seeTexts(his, waiting)
  const again = await ana.open(`/c/${conversation}`)
  await seeAcknowledged(again, waiting)
  await say(again, 'and on')
  await seeTexts(his, [...waiting, 'and on'])
})

test('[C5][C1] a browser that was not to be asked sends it when it is woken all the same, or with the next window', async () => {
  const [ana, ben] = await Promise.all([stage.person('Ana'), stage.person('Ben')])
  await ana.device.grantPermissions([])
  const background = await openBackground(ana.device)
  const first = await closedTooEarly(ana, ben)
  expect(await logged(ana, first.conversation)).toEqual([])
  await background.sync(stage.server.url, 'outbox')
  await see.poll(() => logged(ana, first.conversation)).toEqual(first.waiting)

  const second = await closedTooEarly(ana, ben)
  const again = await ana.open(`/c/${second.conversation}`)
  await seeAcknowledged(again, second.waiting)
  expect(await logged(ana, second.conversation)).toEqual(second.waiting)
})

test('[C1] a window that is opened while the worker sends goes on from where it is', async () => {
  const [ana, ben] = await Promise.all([stage.person('Ana'), stage.person('Ben')])
  await ana.device.grantPermissions([])
  const background = await openBackground(ana.device)
  const { conversation, waiting } = await closedTooEarly(ana, ben)
  const opening = ana.device.newPage()
  await background.sync(stage.server.url, 'outbox')
  const again = await opening
  await again.goto(`/c/${conversation}`)
  await say(again, 'at the same time')
  await seeAcknowledged(again, [...waiting, 'at the same time'])
  expect(await logged(ana, conversation)).toEqual([...waiting, 'at the same time'])
})

test('[C3][C5] what was sent without a window is there when the next one opens, also where there is no network by then', async () => {
  const [ana, ben] = await Promise.all([stage.person('Ana'), stage.person('Ben')])
  await ana.device.grantPermissions([])
  const background = await openBackground(ana.device)
  const { conversation, waiting } = await closedTooEarly(ana, ben)
  await background.sync(stage.server.url, 'outbox')
  await see.poll(() => logged(ana, conversation)).toEqual(waiting)
  await stage.server.kill()
  const again = await ana.open(`/c/${conversation}`)
  await seeTexts(again, waiting)
  for (const text of waiting) await see(mark(again, text, 'Sent')).toBeVisible()
  await stage.server.start()
  await say(again, 'and on')
  await see.poll(() => logged(ana, conversation)).toEqual([...waiting, 'and on'])
  await seeTexts(again, [...waiting, 'and on'])
})
