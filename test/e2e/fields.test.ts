import type { Locator } from 'playwright'
import { expect, test } from 'vitest'
import { useStage } from '../kit/browser.ts'
import { box, dialog, group, inboxRow, see } from '../kit/screen.ts'

const stage = useStage()

/** A key that belongs to a word which an input method is still putting together. */
const pressWhileComposing = (field: Locator, key: string): Promise<void> =>
  field.evaluate((element, pressed) => {
    const event = { key: pressed, isComposing: true, bubbles: true, cancelable: true }
    element.dispatchEvent(new KeyboardEvent('keydown', event))
  }, key)

test('the cross of a field empties it and leaves the keyboard in it', async () => {
  const ana = await stage.person('Ana')
  const talk = await group(ana, 'Garden')
  const page = await ana.open(`/c/${talk}`)
  const filter = page.getByRole('textbox', { name: 'Filter conversations' })
  await filter.fill('none such')
  await page.getByRole('button', { name: 'Clear' }).click()
  await see(inboxRow(page, 'Garden')).toBeVisible()
  await see(filter).toBeFocused()

  await page.getByRole('button', { name: 'Emoji', exact: true }).click()
  const search = page.getByRole('combobox', { name: 'Search emoji' })
  await search.fill('party')
  await dialog(page, 'Emoji').getByRole('button', { name: 'Clear' }).click()
  await see(search).toBeFocused()
  await page.keyboard.type('party')
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('Escape')
  await see(search).toHaveValue('')
  await page.keyboard.press('Escape')
  await see(box(page)).toBeVisible()
  await see(dialog(page, 'Emoji')).toBeHidden()
})

test('keys that end a word of an input method choose nobody and empty nothing', async () => {
  const [ana, ben] = await Promise.all([stage.person('Ana'), stage.person('Ben')])
  await group(ana, 'Garden', ben)
  const page = await ana.open('/friends')
  const find = page.getByRole('textbox', { name: 'Find people' })
  await find.fill(ben.username)
  await pressWhileComposing(find, 'Escape')
  await see(find).toHaveValue(ben.username)

  await page.getByRole('button', { name: 'New conversation' }).click()
  await page.getByRole('menuitem', { name: 'New group' }).click()
  const people = dialog(page, 'New group').getByRole('combobox')
  await people.fill(ben.username)
  await see(page.getByRole('option', { name: 'Ben', selected: true })).toBeVisible()
  await pressWhileComposing(people, 'Enter')
  await see(people).toHaveValue(ben.username)
  await people.press('Enter')
  await see(page.getByRole('list', { name: 'Chosen people' }).getByText('Ben')).toBeVisible()
})

test('a name that the server would find too long is not given, however few signs it is for an eye', async () => {
  const ana = await stage.person('Ana')
  const page = await ana.open()
  await page.getByRole('button', { name: 'New conversation' }).click()
  await page.getByRole('menuitem', { name: 'New group' }).click()
  const form = dialog(page, 'New group')
  await form.getByLabel('Group name').fill('🌱'.repeat(61))
  await form.getByRole('button', { name: 'Create group' }).click()
  await see(form.getByText('At most 120 characters.')).toBeVisible()
  expect(new URL(page.url()).pathname).toBe('/')
})

test('what was saved in a field follows other devices again', async () => {
  const ana = await stage.person('Ana')
  const page = await ana.open('/settings/profile')
  const name = page.getByLabel('Name', { exact: true })
  await name.fill('Ana Ferreira')
  await page.getByRole('button', { name: 'Save' }).click()
  await see(page.getByRole('status').filter({ hasText: 'Saved' })).toBeVisible()
  const other = await (await stage.again(ana)).open('/settings/profile')
  await other.getByLabel('Name', { exact: true }).fill('Ana F.')
  await other.getByRole('button', { name: 'Save' }).click()
  await see(name).toHaveValue('Ana F.')
})
