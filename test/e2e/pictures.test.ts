import { rest } from '@parley/protocol'
import type { Page } from 'playwright'
import sharp from 'sharp'
import { expect, test } from 'vitest'
import { useStage } from '../kit/browser.ts'
import { findings } from '../kit/findings.ts'
import { group, inboxRow, installed, see } from '../kit/screen.ts'

const stage = useStage()

const photo = async (left: string, right: string) => ({
  name: 'photo.png',
  mimeType: 'image/png',
  buffer: await sharp({ create: { width: 400, height: 200, channels: 3, background: left } })
    .composite([
      {
        input: await sharp({ create: { width: 200, height: 200, channels: 3, background: right } })
          .png()
          .toBuffer(),
        left: 200,
        top: 0,
      },
    ])
    .png()
    .toBuffer(),
})
const dialog = (page: Page) => page.getByRole('alertdialog', { name: 'Choose the part to show' })
const face = (page: Page) => page.getByRole('region', { name: 'Profile', exact: true }).locator('img')
const isDrawn = (page: Page): Promise<void> =>
  see
    .poll(() =>
      face(page).evaluateAll((all) => all.some((each) => (each as HTMLImageElement).naturalWidth > 0)),
    )
    .toBe(true)
/** The colour in the middle of somebody's picture, as red, green and blue. */
async function middle(bytes: Buffer): Promise<readonly number[]> {
  const { data } = await sharp(bytes)
    .extract({ left: 128, top: 128, width: 1, height: 1 })
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true })
  return [...data].map((value) => Math.round(value / 64) * 64)
}

test('a picture is chosen, cut out and taken away by mouse; others see it, and it is there without a network', async () => {
  const [ana, ben] = await Promise.all([stage.person('Ana'), stage.person('Ben')])
  const conversation = await group(ana, 'Faces', ben)
  const page = await ana.open('/settings/profile')
  await installed(page)
  const chosen = page.waitForEvent('filechooser')
  await page.getByRole('button', { name: 'Add picture' }).click()
  await (await chosen).setFiles(await photo('#c00000', '#0000c0'))
  await see(dialog(page)).toBeVisible()
  expect(await findings(page, '[role=alertdialog]')).toEqual([])
  const stageBox = await dialog(page).getByRole('application').boundingBox()
  if (stageBox === null) throw new Error('there is nothing to take hold of')
  // The picture follows the mouse to the left: what was on its right comes to the middle.
  const [x, y] = [stageBox.x + stageBox.width / 2, stageBox.y + stageBox.height / 2]
  await page.mouse.move(x, y)
  await page.mouse.down()
  await page.mouse.move(x - stageBox.width, y, { steps: 5 })
  await page.mouse.up()
  await dialog(page).getByRole('button', { name: 'Use picture' }).click()
  await see(dialog(page)).toHaveCount(0)
  await isDrawn(page)
  const { avatar = '' } = await ben.ask('GET', `/api/users/${ana.id}`, rest.user)
  expect(await middle(await (await ben.device.request.get(avatar)).body())).toEqual([0, 0, 192])

  const his = await ben.open(`/c/${conversation}/details`)
  await see(his.locator(`img[src="${avatar}"]`).first()).toBeVisible()

  await page.reload()
  await isDrawn(page)
  await ana.device.setOffline(true)
  await page.reload()
  await isDrawn(page)
  await ana.device.setOffline(false)
  await page.getByRole('button', { name: 'Remove picture' }).click()
  await see(face(page)).toHaveCount(0)
  await see(page.getByRole('button', { name: 'Add picture' })).toBeFocused()
})

test('a picture is chosen and cut out by keyboard alone', async () => {
  const ana = await stage.person('Ana')
  const page = await ana.open('/settings/profile')
  const chosen = page.waitForEvent('filechooser')
  await page.getByRole('button', { name: 'Add picture' }).press('Enter')
  await (await chosen).setFiles(await photo('#c00000', '#0000c0'))
  await see(dialog(page).getByRole('application')).toBeFocused()
  for (let presses = 0; presses < 20; presses += 1) await page.keyboard.press('ArrowLeft')
  await page.keyboard.press('+')
  await see(dialog(page).getByRole('slider', { name: 'Zoom' })).toHaveAttribute('aria-valuetext', '115 %')
  await page.keyboard.press('Tab')
  await page.keyboard.press('ArrowRight')
  await see(dialog(page).getByRole('slider', { name: 'Zoom' })).toHaveAttribute('aria-valuetext', '120 %')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  await see(page.getByRole('button', { name: 'Change picture' })).toBeFocused()
  const { avatar = '' } = await ana.ask('GET', '/api/users/me', rest.me)
  expect(await middle(await (await ana.device.request.get(avatar)).body())).toEqual([192, 0, 0])
})

test('[C3] what is no picture is said; without a network what was cut out stays until there is one', async () => {
  const ana = await stage.person('Ana')
  const page = await ana.open('/settings/profile')
  await installed(page)
  const file = page.getByLabel('Picture file')
  await file.setInputFiles({ name: 'a.png', mimeType: 'image/png', buffer: Buffer.from('no picture') })
  await see(page.getByText('This file is no picture that can be shown.')).toBeVisible()
  await file.setInputFiles(await photo('#c00000', '#0000c0'))
  await see(dialog(page)).toBeVisible()
  await ana.device.setOffline(true)
  await dialog(page).getByRole('button', { name: 'Use picture' }).click()
  await see(dialog(page).getByText('The server cannot be reached.')).toBeVisible()
  await ana.device.setOffline(false)
  await dialog(page).getByRole('button', { name: 'Use picture' }).click()
  await see(dialog(page)).toHaveCount(0)
  await isDrawn(page)
})

test('the picture of a group is set by its owner, and every member sees it in the list', async () => {
  const [ana, ben] = await Promise.all([stage.person('Ana'), stage.person('Ben')])
  const conversation = await group(ana, 'With a face', ben)
  const page = await ana.open(`/c/${conversation}/details`)
  await page.getByLabel('Picture file').setInputFiles(await photo('#c00000', '#0000c0'))
  await dialog(page).getByRole('button', { name: 'Use picture' }).click()
  await see(dialog(page)).toHaveCount(0)
  const his = await ben.open('/')
  await see(inboxRow(his, 'With a face').locator('img')).toBeVisible()
  await his.goto(`/c/${conversation}/details`)
  await see(his.getByRole('button', { name: 'Copy link' })).toBeVisible()
  await see(his.getByRole('button', { name: 'Change picture' })).toHaveCount(0)
})
