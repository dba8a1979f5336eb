import type { Locator, Page } from 'playwright'
import sharp from 'sharp'
import { expect, test } from 'vitest'
import { useStage } from '../kit/browser.ts'
import { findings } from '../kit/findings.ts'
import {
  bar,
  box,
  group,
  mark,
  message,
  numbered,
  sayAllAs,
  sayAs,
  say,
  see,
  seeAcknowledged,
  timeline,
} from '../kit/screen.ts'

const stage = useStage()

const readers = (page: Page): Locator => page.getByRole('dialog', { name: 'Read by' })

/** From the start of each page on, remembers what is pointed out: it is over sooner than a busy machine looks. */
function notePointing(): void {
  const pointed: string[] = []
  Object.assign(globalThis, { pointed })
  document.addEventListener('animationstart', ({ animationName, target }) => {
    if (!animationName.includes('flash') || !(target instanceof Element)) return
    pointed.push(target.closest('article')?.querySelector('p')?.textContent ?? '')
  })
}

/** Until this has been pointed out last, and nothing else since one looked the last time. */
async function seePointedOut(page: Page, text: string): Promise<void> {
  const pointed = () => page.evaluate(() => (globalThis as unknown as { pointed: string[] }).pointed)
  await see.poll(async () => [...new Set(await pointed())]).toEqual([text])
  await page.evaluate(() => (globalThis as unknown as { pointed: string[] }).pointed.splice(0))
}

/** Whether anything is pointed out just now. */
const isPointing = (page: Page): Promise<boolean> =>
  page.evaluate(() =>
    document
      .getAnimations()
      .some((each) => each instanceof CSSAnimation && each.animationName.includes('flash')),
  )

test('who has read an own message and who has not stands at its mark, by mouse and by keyboard', async () => {
  const [ana, ben, cem] = await Promise.all([stage.person('Ana'), stage.person('Ben'), stage.person('Cem')])
  const conversation = await group(ana, 'Readers', ben, cem)
  const page = await ana.open(`/c/${conversation}`)
  await say(page, 'Who is coming?')
  await see(mark(page, 'Who is coming?', 'Sent')).toBeVisible()
  const his = await ben.open(`/c/${conversation}`)
  await see(message(his, 'Who is coming?')).toBeVisible()
  const read = message(page, 'Who is coming?').getByRole('button', { name: 'Read by 1' })
  await see(read).toBeVisible()

  // By mouse: pointing at it is enough, and going elsewhere ends it.
  await read.hover()
  await see(readers(page).getByRole('listitem')).toHaveText([/Ben/, /Cem/])
  await see(readers(page).getByRole('heading')).toHaveText([/^Read by 1$/, /^Not read yet 1$/])
  expect(await findings(page)).toEqual([])
  await box(page).hover()
  await see(readers(page)).toHaveCount(0)
  await read.click()
  await see(readers(page)).toBeVisible()
  await page.keyboard.press('Escape')
  await see(readers(page)).toHaveCount(0)

  // By keyboard, while one more reads.
  await box(page).focus()
  await page.keyboard.press('ArrowUp')
  await see(message(page, 'Who is coming?')).toBeFocused()
  await page.keyboard.press('Tab')
  await see(read).toBeFocused()
  await page.keyboard.press('Enter')
  await see(readers(page).getByRole('listitem')).toHaveText([/Ben/, /Cem/])
  const hers = await cem.open(`/c/${conversation}`)
  await see(message(hers, 'Who is coming?')).toBeVisible()
  await see(readers(page).getByRole('heading')).toHaveText([/^Read by 2$/])
  await page.keyboard.press('Escape')
  await see(readers(page)).toHaveCount(0)
  await see(message(page, 'Who is coming?').getByRole('button', { name: 'Read by 2' })).toBeFocused()
})

test('pictures that come late move nothing of what is being read', async () => {
  const [ana, ben] = await Promise.all([stage.person('Ana'), stage.person('Ben')])
  const conversation = await group(ana, 'Slow pictures', ben)
  await sayAllAs(ben, conversation, numbered('before', 12))
  const his = await ben.open(`/c/${conversation}`)
  const picture = async (name: string, width: number, height: number) => ({
    name,
    mimeType: 'image/png',
    buffer: await sharp({ create: { width, height, channels: 3, background: '#204060' } })
      .png()
      .toBuffer(),
  })
  const files = [await picture('wide.png', 900, 500), await picture('tall.png', 300, 800)]
  await see(box(his)).toBeVisible()
  for (const file of files) {
    await his.locator('input[type=file]').setInputFiles([file])
    await say(his, file.name)
    await seeAcknowledged(his, [file.name])
  }
  await say(his, ...numbered('after', 12))
  await seeAcknowledged(his, numbered('after', 12))

  const page = await ana.open('about:blank')
  await page.setViewportSize({ width: 1100, height: 900 })
  const { promise: isTime, resolve: send } = Promise.withResolvers<void>()
  await ana.device.route('**/attachments/*/preview', async (route) => {
    await isTime
    await route.continue()
  })
  await page.goto(`/c/${conversation}`)
  // In the middle of the conversation, with the pictures' places above what is read.
  const held = message(page, 'after 2')
  await page.getByRole('button', { name: /Jump to the latest|new messages/ }).click()
  await see(message(page, 'after 12')).toBeInViewport()
  // What comes above the messages is another promise: it would come while one looks.
  await bar(page, 'Be told when somebody answers?').getByRole('button', { name: 'Not now' }).click()
  await timeline(page).hover()
  await page.mouse.wheel(0, -250)
  await see(held).toBeInViewport({ ratio: 1 })
  const pictures = timeline(page).locator('img[src*="preview"]')
  await see(pictures.last()).toBeInViewport()
  const isThere = () =>
    pictures.evaluateAll((all) => all.map((each) => (each as HTMLImageElement).naturalWidth > 0))
  const tops = () =>
    Promise.all(
      ['tall.png', 'after 1', 'after 2', 'after 3'].map((text) =>
        message(page, text).evaluate((element) => element.getBoundingClientRect().top),
      ),
    )
  const frames = () =>
    page.evaluate(async () => {
      for (let n = 0; n < 8; n += 1) await new Promise((resolve) => requestAnimationFrame(resolve))
    })
  // Between two looks the page has drawn: what was about to move has moved.
  const still = async () => {
    let before = await tops()
    await see
      .poll(async () => {
        await frames()
        const [last, now] = [before, (before = await tops())]
        return now.every((top, n) => top === last[n])
      })
      .toBe(true)
    return before
  }
  const before = await still()
  expect(await isThere()).not.toContain(true)
  send()
  await see.poll(async () => (await isThere()).every(Boolean)).toBe(true)
  expect(await still()).toEqual(before)
})

test('a jump points out the message it leads to, and takes the keyboard there, unless one is writing: then it is told', async () => {
  const [ana, ben] = await Promise.all([stage.person('Ana'), stage.person('Ben')])
  const conversation = await group(ana, 'Jumps', ben)
  const question = await sayAs(ben, conversation, 'Where shall we meet?')
  await sayAllAs(ben, conversation, numbered('between', 40))
  await sayAs(ben, conversation, 'At the *crane*', { replyTo: question.id })
  await ana.device.addInitScript(notePointing)
  const page = await ana.open()
  await page.setViewportSize({ width: 1100, height: 700 })
  const original = message(page, 'Where shall we meet?').last()
  const answer = timeline(page).getByRole('article').filter({ hasText: 'At the crane' })

  // Opened by its address: who can write at once goes on doing so.
  await page.goto(`/c/${conversation}/${question.seq}`)
  await see(original).toBeInViewport()
  await seePointedOut(page, 'Where shall we meet?')
  await see(box(page)).toBeFocused()
  await see(page.getByRole('status').filter({ hasText: 'Ben: Where shall we meet?' })).toBeAttached()
  await page.keyboard.press('ArrowUp')
  await see(original).toBeFocused()

  await page.keyboard.press('End')
  await see(answer).toBeFocused()
  // By keyboard, from the quote to the original and back.
  await answer.getByRole('button', { name: /Where shall we meet/ }).focus()
  await page.keyboard.press('Enter')
  await see(original).toBeFocused()
  await see(original).toBeInViewport()
  await seePointedOut(page, 'Where shall we meet?')
  await page.getByRole('button', { name: 'Back to the reply' }).press('Enter')
  await see(answer).toBeFocused()
  await see(answer).toBeInViewport()
  await seePointedOut(page, 'At the crane')
  await see.poll(() => isPointing(page)).toBe(false)
  expect(await findings(page)).toEqual([])
})
