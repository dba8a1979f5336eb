import { readFile } from 'node:fs/promises'
import type { Page } from 'playwright'
import { expect, test } from 'vitest'
import { crash, type Person, useStage } from '../kit/browser.ts'
import {
  box,
  group,
  installed,
  logged,
  mark,
  message,
  say,
  see,
  seeAcknowledged,
  seeTexts,
} from '../kit/screen.ts'

const stage = useStage()

interface ChosenFile {
  readonly name: string
  readonly mimeType: string
  readonly buffer: Buffer
}

const MEGABYTE = 1024 * 1024

/** Bytes that tell where each of them belongs. */
function file(name: string, size: number): ChosenFile {
  const buffer = Buffer.alloc(size)
  for (let at = 0; at + 4 <= size; at += 4) buffer.writeUInt32LE((at * 2_654_435_761) >>> 0, at)
  return { name, mimeType: 'application/x-test', buffer }
}

/** A brown rectangle of 64 by 32 pixels. */
const PICTURE: ChosenFile = {
  name: 'sunset.png',
  mimeType: 'image/png',
  buffer: Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAEAAAAAgCAIAAAAt/+nTAAAACXBIWXMAAAPoAAAD6AG1e1JrAAAAYElEQVRYhe2SQQkAQRDDKqeaTnFkrYh7hIFCBKSh4etpohuwAdUrsgv1LtEN2IDqFdmFepfoBmxA9YrsQr1LdAM2oHpFdqHeJboBG1C9IrtQ7xLdgA2oXpFdqHeJbvCTB2K/UJfbHZCTAAAAAElFTkSuQmCC',
    'base64',
  ),
}

const attach = (page: Page, ...files: readonly ChosenFile[]): Promise<void> =>
  page.locator('input[type=file]').setInputFiles([...files])

/** What the person gets who clicks on a file. */
async function download(page: Page, text: string, name: string): Promise<Buffer> {
  const [started] = await Promise.all([
    page.waitForEvent('download'),
    message(page, text).getByRole('link', { name }).click(),
  ])
  return await readFile(await started.path())
}

async function inGroup(title: string) {
  const [ana, ben] = await Promise.all([stage.person('Ana'), stage.person('Ben')])
  const conversation = await group(ana, title, ben)
  const open = async (who: Person): Promise<Page> => {
    const page = await who.open(`/c/${conversation}`)
    await see(box(page)).toBeVisible()
    return page
  }
  return { ana, ben, conversation, open }
}

test('[C5][C6][C1] files that were attached offline are sent once and in order, though the window was reloaded and closed', async () => {
  const { ana, ben, conversation, open } = await inGroup('Away')
  const hers = await open(ana)
  await installed(hers)
  await ana.device.setOffline(true)
  const [one, two] = [file('one.bin', 3 * MEGABYTE), file('two — ü.bin', 1000)]
  await attach(hers, one, two)
  await see(hers.getByRole('list', { name: 'Files to send' }).getByRole('listitem')).toHaveCount(2)
  await say(hers, 'two files', 'behind them')
  for (const text of ['two files', 'behind them'])
    await see(mark(hers, text, 'Saved on this device')).toBeVisible()
  await see(message(hers, 'two files').getByText('Uploaded when you are connected')).toHaveCount(2)

  await hers.reload()
  await seeTexts(hers, ['two files', 'behind them'])
  await see(message(hers, 'two files').getByText('two — ü.bin')).toBeVisible()
  await see(box(hers)).toHaveValue('')
  await hers.close()

  await ana.device.setOffline(false)
  const again = await open(ana)
  await seeAcknowledged(again, ['two files', 'behind them'])
  const his = await open(ben)
  await seeTexts(his, ['two files', 'behind them'])
  expect((await download(his, 'two files', 'one.bin')).equals(one.buffer)).toBe(true)
  expect((await download(his, 'two files', 'two — ü.bin')).equals(two.buffer)).toBe(true)
  expect(await logged(ana, conversation)).toEqual(['two files', 'behind them'])
  // It lets go of them once the answer is there, which may already be on the screen.
  await see.poll(() => keptFiles(again, ana)).toBe(0)
})

/** How many files the browser still keeps for a person. */
const keptFiles = (page: Page, { id }: Person): Promise<number> =>
  page.evaluate(
    (name) =>
      new Promise<number>((resolve, reject) => {
        const opening = indexedDB.open(name)
        opening.addEventListener('error', () => reject(new Error('the database does not open')))
        opening.addEventListener('success', () => {
          const counting = opening.result.transaction('files').objectStore('files').count()
          counting.addEventListener('success', () => {
            opening.result.close()
            resolve(counting.result)
          })
        })
      }),
    `parley/${id}`,
  )

test('[N1][C1] a window that dies in the middle of an upload leaves the rest of it to another, which shows how far it is', async () => {
  const { ana, ben, conversation, open } = await inGroup('Two windows')
  const leading = await open(ana)
  const other = await open(ana)
  const devtools = await ana.device.newCDPSession(leading)
  await devtools.send('Network.enable')
  await devtools.send('Network.emulateNetworkConditions', {
    offline: false,
    latency: 20,
    downloadThroughput: -1,
    uploadThroughput: MEGABYTE,
  })
  const large = file('large.bin', 8 * MEGABYTE)
  await attach(other, large)
  await say(other, 'a large one', 'behind it')
  const progress = message(other, 'a large one').getByRole('progressbar')
  await see.poll(() => progress.evaluate((bar: HTMLProgressElement) => bar.value)).toBeGreaterThan(MEGABYTE)
  expect(await logged(ana, conversation)).toEqual([])
  await crash(leading)
  await seeAcknowledged(other, ['a large one', 'behind it'])
  const his = await open(ben)
  await seeTexts(his, ['a large one', 'behind it'])
  expect((await download(his, 'a large one', 'large.bin')).equals(large.buffer)).toBe(true)
  expect(await logged(ana, conversation)).toEqual(['a large one', 'behind it'])
})

test('a picture is seen before it is sent, keeps its place when it is, and comes to the others as a picture', async () => {
  const { ana, ben, open } = await inGroup('Pictures')
  const [hers, his] = await Promise.all([open(ana), open(ben)])
  await installed(hers)
  await ana.device.setOffline(true)
  await attach(hers, PICTURE)
  await see(hers.getByRole('list', { name: 'Files to send' }).getByRole('presentation')).toBeVisible()
  await say(hers, 'look')
  const seen = (page: Page) => message(page, 'look').getByRole('img', { name: 'File: sunset.png' })
  await see(seen(hers)).toBeVisible()
  await see.poll(() => seen(hers).evaluate((img: HTMLImageElement) => img.naturalWidth)).toBe(64)
  const before = await seen(hers).boundingBox()
  await ana.device.setOffline(false)
  await seeAcknowledged(hers, ['look'])
  const after = await seen(hers).boundingBox()
  expect([after?.width, after?.height]).toEqual([before?.width, before?.height])
  await see.poll(() => seen(his).evaluate((img: HTMLImageElement) => img.naturalWidth)).toBe(64)
})

test('[C3] what was chosen can be taken out again, a pasted file goes along, and a sending can be cancelled', async () => {
  const { ana, conversation, open } = await inGroup('Changes of mind')
  const hers = await open(ana)
  await installed(hers)
  await attach(hers, file('a.bin', 10), file('b.bin', 10))
  await hers.getByRole('button', { name: 'Remove a.bin' }).click()
  await box(hers).evaluate((area) => {
    const data = new DataTransfer()
    data.items.add(new File(['pasted'], 'c.txt', { type: 'text/plain' }))
    area.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }))
  })
  const chips = hers.getByRole('list', { name: 'Files to send' }).getByRole('listitem')
  await see(chips).toHaveCount(2)
  await ana.device.setOffline(true)
  await say(hers, 'first')
  await see(chips).toHaveCount(0)
  await attach(hers, file('d.bin', 10))
  await say(hers, 'second')
  await seeTexts(hers, ['first', 'second'])
  await message(hers, 'first').getByRole('button', { name: 'Cancel sending' }).click()
  await seeTexts(hers, ['second'])
  await ana.device.setOffline(false)
  await seeAcknowledged(hers, ['second'])
  expect(await logged(ana, conversation)).toEqual(['second'])
})
