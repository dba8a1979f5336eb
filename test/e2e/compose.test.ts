import type { Page } from 'playwright'
import { rest } from '@parley/protocol'
import { expect, test } from 'vitest'
import { type Person, useStage } from '../kit/browser.ts'
import { findings } from '../kit/findings.ts'
import {
  box,
  dialog,
  group,
  inboxRow,
  installed,
  message,
  say,
  sayAs,
  see,
  seeAcknowledged,
  seeHolding,
  timeline,
} from '../kit/screen.ts'
import { asPhone, sweep } from '../kit/touch.ts'

const stage = useStage()

/** A brown rectangle of 64 by 32 pixels. */
const PICTURE = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAEAAAAAgCAIAAAAt/+nTAAAACXBIWXMAAAPoAAAD6AG1e1JrAAAAYElEQVRYhe2SQQkAQRDDKqeaTnFkrYh7hIFCBKSh4etpohuwAdUrsgv1LtEN2IDqFdmFepfoBmxA9YrsQr1LdAM2oHpFdqHeJboBG1C9IrtQ7xLdgA2oXpFdqHeJbvCTB2K/UJfbHZCTAAAAAElFTkSuQmCC',
  'base64',
)
const picture = (name: string) => ({ name, mimeType: 'image/png', buffer: PICTURE })

const openAt = async (who: Person, conversation: string): Promise<Page> => {
  const page = await who.open(`/c/${conversation}`)
  await see(box(page)).toBeFocused()
  return page
}
const picker = (page: Page) => page.getByRole('dialog', { name: 'Emoji' })
const options = (page: Page, list: string) => page.getByRole('listbox', { name: list }).getByRole('option')
const active = (page: Page, list: string) =>
  page.getByRole('listbox', { name: list }).getByRole('option', { selected: true })

test('emoji are picked with the mouse, come first the next time, also on another device, and keep the tone that was chosen', async () => {
  const ana = await stage.person('Ana')
  const conversation = await group(ana, 'Faces')
  const page = await openAt(ana, conversation)
  await page.getByRole('button', { name: 'Emoji', exact: true }).click()
  await see(picker(page).getByRole('gridcell', { name: 'grinning face', exact: true })).toBeVisible()
  expect(await findings(page)).toEqual([])
  await picker(page).getByRole('button', { name: 'Food and drink' }).click()
  await see(picker(page).getByRole('gridcell', { name: 'grapes' })).toBeVisible()
  await picker(page).getByRole('button', { name: 'Skin tone: Yellow' }).click()
  await page.getByRole('menuitemradio', { name: 'Medium', exact: true }).click()
  await picker(page).getByRole('combobox', { name: 'Search emoji' }).fill('wave')
  await picker(page).getByRole('gridcell', { name: 'waving hand' }).click()
  await see(box(page)).toHaveValue('👋🏽')
  await see(box(page)).toBeFocused()

  const other = await openAt(await stage.again(ana), conversation)
  const first = picker(other).getByRole('gridcell').first()
  await other.getByRole('button', { name: 'Emoji', exact: true }).click()
  await see(first).toHaveText('👋🏽')
})

test('[C5] emoji are found and written with the keyboard alone, without a network, and undo takes each back', async () => {
  const ana = await stage.person('Ana')
  const page = await openAt(ana, await group(ana, 'Keys'))
  const keys = page.keyboard
  await installed(page)
  await ana.device.setOffline(true)
  await keys.type('well ')
  await keys.press('Tab')
  await see(page.getByRole('button', { name: 'Emoji', exact: true })).toBeFocused()
  await keys.press('Enter')
  await see(picker(page).getByRole('combobox', { name: 'Search emoji' })).toBeFocused()
  await keys.type('party')
  const chosen = picker(page).getByRole('gridcell', { selected: true })
  await see(chosen).toHaveAccessibleName('party popper')
  await keys.press('ArrowDown')
  await keys.press('ArrowUp')
  await keys.press('ArrowRight')
  await see(chosen).toHaveAccessibleName('partying face')
  await keys.press('Enter')
  await see(box(page)).toHaveValue('well 🥳')
  await keys.press('Tab')
  await keys.press('Enter')
  await seeHolding(picker(page))
  await keys.press('Escape')
  await see(page.getByRole('button', { name: 'Emoji', exact: true })).toBeFocused()
  await keys.press('Shift+Tab')

  await keys.type(' :spark')
  await see(active(page, 'Emoji to insert')).toContainText('sparkling heart')
  expect(await findings(page)).toEqual([])
  await keys.press('ArrowDown')
  await see(active(page, 'Emoji to insert')).toContainText('sparkler')
  await keys.press('Tab')
  await see(box(page)).toHaveValue('well 🥳 🎇')
  await keys.type(' :tada:')
  await see(box(page)).toHaveValue('well 🥳 🎇 🎉')
  await keys.press('Control+z')
  await see(box(page)).toHaveValue('well 🥳 🎇 :tada:')
  await keys.type(' at 10:30 `:tada:`')
  await see(box(page)).toHaveValue('well 🥳 🎇 :tada: at 10:30 `:tada:`')
})

test('whom an @ offers comes in the order of speaking, by keys and by mouse, and Escape sends the list away', async () => {
  const [ana, ben, cleo] = await Promise.all([stage.person('Ana'), stage.person('Ben'), stage.person('Cleo')])
  const conversation = await group(ana, 'Order', ben, cleo)
  await sayAs(ben, conversation, 'first')
  await sayAs(cleo, conversation, 'last')
  const page = await openAt(ana, conversation)
  await see(message(page, 'last')).toBeVisible()
  await page.keyboard.type('hi @')
  await see(options(page, 'People to mention')).toContainText(['Cleo', 'Ben', 'Everyone'])
  expect(await findings(page)).toEqual([])
  await page.keyboard.press('ArrowDown')
  await see(active(page, 'People to mention')).toContainText('Ben')
  await page.keyboard.press('Escape')
  await see(options(page, 'People to mention')).toHaveCount(0)
  await page.keyboard.type(' @')
  await options(page, 'People to mention').filter({ hasText: 'Ben' }).click()
  await see(box(page)).toHaveValue(`hi @ @${ben.username} `)
  await page.keyboard.press('Control+z')
  await see(box(page)).toHaveValue('hi @ @')
})

test('[C5] the members of a channel come from the server, and where it cannot be asked that is said', async () => {
  const [ana, ben] = await Promise.all([stage.person('Ana'), stage.person('Ben')])
  const { id } = await ana.ask('POST', '/api/conversations', rest.conversationSummary, {
    kind: 'channel',
    title: 'Everybody',
    members: [ben.id],
  })
  const page = await openAt(ana, id)
  await installed(page)
  await ana.device.setOffline(true)
  await page.keyboard.type('@be')
  await see(
    page.getByText('Not connected: only people whom this device knows are shown.').last(),
  ).toBeVisible()
  // Whoever waits does not have to write it again.
  await ana.device.setOffline(false)
  await see(options(page, 'People to mention')).toContainText(['Ben'])
  await page.keyboard.press('Enter')
  await page.keyboard.type('look')
  await page.keyboard.press('Enter')
  await see
    .poll(async () => {
      const { events } = await ben.ask('GET', `/api/conversations/${id}/events?limit=10`, rest.eventPage)
      return events.flatMap((each) => (each.type === 'message' ? (each.mentions ?? []) : []))
    })
    .toEqual([ben.id])
})

test('keys mark words and go on with lists, an address pasted over words is a link, and undo takes back each', async () => {
  const ana = await stage.person('Ana')
  const page = await openAt(ana, await group(ana, 'Marks'))
  const keys = page.keyboard
  await keys.type('a word')
  await keys.press('Control+Shift+ArrowLeft')
  await keys.press('Control+b')
  await see(box(page)).toHaveValue('a **word**')
  await keys.press('Control+b')
  await see(box(page)).toHaveValue('a word')
  await keys.press('Control+z')
  await see(box(page)).toHaveValue('a **word**')
  await box(page).fill('the plan')
  await keys.press('Control+Shift+ArrowLeft')
  await box(page).evaluate((area) => {
    const data = new DataTransfer()
    data.setData('text/plain', 'https://example.org/plan')
    area.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }))
  })
  await see(box(page)).toHaveValue('the [plan](https://example.org/plan)')
  await keys.press('Control+z')
  await see(box(page)).toHaveValue('the plan')
  await box(page).fill('1. one')
  await keys.press('Shift+Enter')
  await keys.type('two')
  await keys.press('Shift+Enter')
  await keys.press('Shift+Enter')
  await keys.type('end')
  await see(box(page)).toHaveValue('1. one\n2. two\nend')
  await keys.press('Enter')
  await see(box(page)).toHaveValue('')
  // The last message is one key away, and so is the box.
  await keys.press('ArrowUp')
  await see(timeline(page).getByRole('article').last()).toBeFocused()
})

test('[C5] whom one is answering stays with the draft: elsewhere and back, over a restart without a network, and on another device', async () => {
  const [ana, ben] = await Promise.all([stage.person('Ana'), stage.person('Ben')])
  const [conversation, other] = [await group(ana, 'Harbour', ben), await group(ana, 'Elsewhere')]
  await sayAs(ben, conversation, 'Which pier is it?')
  await sayAs(ben, conversation, 'Hello?')
  const page = await openAt(ana, conversation)
  await installed(page)
  const answering = (at: Page) => at.locator('form').filter({ hasText: 'Which pier is it?' })
  await message(page, 'Which pier is it?').focus()
  await page.keyboard.press('r')
  await see(answering(page)).toBeVisible()
  await see(box(page)).toBeFocused()
  await page.keyboard.type('The second')
  await inboxRow(page, 'Elsewhere').click()
  await page.waitForURL(`**/c/${other}`)
  await see(answering(page)).toHaveCount(0)
  await inboxRow(page, 'Harbour').click()
  await see(answering(page)).toBeVisible()

  const there = await openAt(await stage.again(ana), conversation)
  await see(answering(there)).toBeVisible()
  await see(box(there)).toHaveValue('The second')
  await there.getByRole('button', { name: 'Cancel the reply' }).click()
  await see(answering(page)).toHaveCount(0)
  await message(page, 'Which pier is it?').focus()
  await page.keyboard.press('r')
  await see(answering(there)).toBeVisible()

  await ana.device.setOffline(true)
  await page.reload()
  await see(answering(page)).toBeVisible()
  await see(box(page)).toHaveValue('The second')
  await box(page).press('Enter')
  await see(answering(page)).toHaveCount(0)
  await ana.device.setOffline(false)
  await seeAcknowledged(page, ['The second'])
  await see(message(page, 'The second').getByRole('button', { name: /Which pier is it\?/ })).toBeVisible()
  await see(answering(there)).toHaveCount(0)
  await see(message(there, 'The second').getByRole('button', { name: /Which pier is it\?/ })).toBeVisible()
})

test('files held over the window are told where they would go; what is too much is said, and taken out by keys', async () => {
  const ana = await stage.person('Ana')
  const page = await openAt(ana, await group(ana, 'Papers'))
  const drag = (type: 'dragover' | 'drop', count: number) =>
    page.evaluate(
      ([what, files]) => {
        const dataTransfer = new DataTransfer()
        for (let i = 1; i <= files; i += 1)
          dataTransfer.items.add(new File(['text'], `paper ${i}.txt`, { type: 'text/plain' }))
        document.body.dispatchEvent(new DragEvent(what, { dataTransfer, bubbles: true, cancelable: true }))
      },
      [type, count] as const,
    )
  await drag('dragover', 11)
  await see(page.getByText('Drop to send to Papers')).toBeVisible()
  await drag('drop', 11)
  await see(page.getByText('Drop to send to Papers')).toHaveCount(0)
  const chosen = page.getByRole('list', { name: 'Files to send' }).getByRole('listitem')
  await see(chosen).toHaveCount(11)
  await see(page.getByRole('alert')).toHaveText('A message takes at most 10 files.')
  await see(page.getByRole('button', { name: 'Send' })).toBeDisabled()
  expect(await findings(page)).toEqual([])
  await page.getByRole('button', { name: 'Remove paper 1.txt' }).focus()
  await page.keyboard.press('Enter')
  await see(page.getByRole('button', { name: 'Remove paper 2.txt' })).toBeFocused()
  await see(page.getByRole('alert')).toHaveCount(0)
  for (let i = 0; i < 10; i += 1) await page.keyboard.press('Enter')
  await see(chosen).toHaveCount(0)
  await see(box(page)).toBeFocused()
})

test('pictures open large with the mouse, one after the other, and close beside them', async () => {
  const ana = await stage.person('Ana')
  const page = await openAt(ana, await group(ana, 'Album'))
  await page.locator('input[type=file]').setInputFiles(['a', 'b', 'c'].map((name) => picture(`${name}.png`)))
  await say(page, 'three')
  await seeAcknowledged(page, ['three'])
  await message(page, 'three').getByRole('img', { name: 'File: b.png' }).click()
  await see(dialog(page, 'b.png').getByText('2 of 3')).toBeVisible()
  expect(await findings(page)).toEqual([])
  await page.getByRole('button', { name: 'Next picture' }).click()
  await see(dialog(page, 'c.png')).toBeVisible()
  await see(page.getByRole('button', { name: 'Next picture' })).toHaveCount(0)
  const shown = dialog(page, 'c.png').getByRole('img', { name: 'File: c.png' })
  const before = await shown.boundingBox()
  await shown.dblclick()
  await see.poll(async () => (await shown.boundingBox())?.width).toBeGreaterThan((before?.width ?? 0) * 2)
  await see(page.getByRole('button', { name: 'Farther' })).toBeEnabled()
  await shown.dblclick()
  await see.poll(async () => (await shown.boundingBox())?.width).toBe(before?.width)
  await page.mouse.click(40, 300)
  await see(page.getByRole('dialog')).toHaveCount(0)
})

test('pictures are looked at with the keyboard alone, and it goes on where it was', async () => {
  const ana = await stage.person('Ana')
  const page = await openAt(ana, await group(ana, 'Album'))
  const keys = page.keyboard
  await page.locator('input[type=file]').setInputFiles(['a', 'b'].map((name) => picture(`${name}.png`)))
  await say(page, 'two')
  await seeAcknowledged(page, ['two'])
  const link = message(page, 'two').getByRole('link', { name: 'File: a.png' })
  await link.focus()
  await keys.press('Enter')
  await seeHolding(dialog(page, 'a.png'))
  await keys.press('ArrowRight')
  await see(dialog(page, 'b.png')).toBeVisible()
  await keys.press('ArrowRight')
  await see(dialog(page, 'b.png')).toBeVisible()
  await keys.press('+')
  await see(page.getByRole('button', { name: 'Farther' })).toBeEnabled()
  await keys.press('0')
  await see(page.getByRole('button', { name: 'Farther' })).toBeDisabled()
  await keys.press('ArrowLeft')
  await see(dialog(page, 'a.png')).toBeVisible()
  await keys.press('Escape')
  await see(page.getByRole('dialog')).toHaveCount(0)
  await see(link).toBeFocused()
})

test('with fingers Enter breaks the line and the button sends; a picture is swept on, and down to close it', async () => {
  const ana = await stage.person('Ana')
  const page = await ana.open()
  const devtools = await asPhone(page)
  await page.goto(`/c/${await group(ana, 'Pocket')}`)
  await box(page).click()
  await page.keyboard.type('one')
  await page.keyboard.press('Enter')
  await page.keyboard.type('two')
  await see(box(page)).toHaveValue('one\ntwo')
  await page.locator('input[type=file]').setInputFiles([picture('a.png'), picture('b.png')])
  await page.getByRole('button', { name: 'Send' }).click()
  await see(box(page)).toHaveValue('')
  await timeline(page).getByRole('link', { name: 'File: a.png' }).click()
  await see(dialog(page, 'a.png')).toBeVisible()
  await sweep(devtools, { x: 300, y: 420 }, { x: 80, y: 430 })
  await see(dialog(page, 'b.png')).toBeVisible()
  expect(await findings(page)).toEqual([])
  await sweep(devtools, { x: 200, y: 300 }, { x: 205, y: 560 })
  await see(page.getByRole('dialog')).toHaveCount(0)
})
