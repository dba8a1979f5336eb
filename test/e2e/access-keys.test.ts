import { rest } from '@parley/protocol'
import type { Locator, Page } from 'playwright'
import { expect, test } from 'vitest'
import { useStage } from '../kit/browser.ts'
import { box, group, inboxRow, message, numbered, sayAllAs, see } from '../kit/screen.ts'

const stage = useStage()

/** What has the keyboard, and how it shows that. */
const held = (page: Page) =>
  page.evaluate(() => {
    const at = document.activeElement
    if (at === null || at === document.body) return 'nothing'
    const isShown = at.checkVisibility({ visibilityProperty: true, opacityProperty: true })
    // A field shows it on the frame around it, and what is ticked on what stands for the tick.
    const around = [at, at.nextElementSibling]
    for (
      let frame = at.parentElement;
      frame?.matches('main *, [role=dialog] *, nav *');
      frame = frame.parentElement
    )
      if (at.matches('input, textarea')) around.push(frame)
    // Where the keys choose out of a list while one types, it is the entry that shows.
    const entry = at.getAttribute('aria-activedescendant')
    const isChoosing = entry !== null && document.getElementById(entry)?.ariaSelected === 'true'
    const isRing = (element: Element | null): boolean => {
      if (element === null) return false
      const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(element)
      return (outlineStyle !== 'none' && outlineWidth !== '0px') || boxShadow.includes('inset')
    }
    // A dialog or a whole screen that one has come to shows by itself where one is.
    const isPlace = at.getAttribute('tabindex') === '-1' && !at.matches('a, button, article, [role=option]')
    const isPlain = at.matches(':focus-visible') && isShown && (isPlace || isChoosing || around.some(isRing))
    const { outerHTML } = at.cloneNode() as Element
    return isPlain ? 'plain' : outerHTML
  })

const seeHeld = (page: Page): Promise<void> => see.poll(() => held(page)).toBe('plain')

/** Presses a key until what is looked for has the keyboard; wherever it passes, that can be seen. */
async function press(page: Page, key: string, target: Locator): Promise<void> {
  await see(target).toBeVisible()
  for (let presses = 0; presses < 60; presses += 1) {
    if (await target.evaluate((element) => element === document.activeElement)) return seeHeld(page)
    await page.keyboard.press(key)
    await seeHeld(page)
  }
  throw new Error(`${key} does not lead to ${String(target)}`)
}

test('by keyboard alone from the entrance to the way out, and one always sees where one is', async () => {
  const [ana, ben] = await Promise.all([stage.person('Ana'), stage.person('Ben')])
  const talk = await group(ben, 'Field trip', ana)
  await sayAllAs(ben, talk, ['The zebra was here', ...numbered('day', 60)])
  await ben.ask('POST', '/api/friend-requests', rest.friendRequest, { user: ana.id })
  const page = await (await stage.device()).newPage()
  const keys = page.keyboard
  await page.goto('/')

  await see(page.getByLabel('Email or username')).toBeFocused()
  await keys.type(ana.username)
  await press(page, 'Tab', page.getByLabel('Password', { exact: true }))
  await keys.type(ana.password)
  await keys.press('Enter')

  await press(page, 'Tab', page.getByRole('textbox', { name: 'Filter conversations' }))
  await press(page, 'ArrowDown', inboxRow(page, 'Field trip'))
  await keys.press('Enter')
  await see(box(page)).toBeFocused()
  await seeHeld(page)

  await keys.type('Hello @be')
  await see(page.getByRole('listbox', { name: 'People to mention' })).toBeVisible()
  await keys.press('Enter')
  await see(box(page)).toHaveValue(`Hello @${ben.username} `)
  await press(page, 'Tab', page.getByRole('button', { name: 'Emoji', exact: true }))
  await keys.press('Enter')
  await see(page.getByRole('combobox', { name: 'Search emoji' })).toBeFocused()
  await seeHeld(page)
  await keys.type('party')
  await see(page.getByRole('gridcell', { selected: true })).toHaveAccessibleName('party popper')
  await keys.press('Enter')
  await see(box(page)).toHaveValue(`Hello @${ben.username} 🎉`)
  await keys.press('Enter')
  const said = message(page, `Hello @${ben.username} 🎉`)
  await see(said.getByLabel(/^(Sent|Read by)/)).toBeVisible()

  await press(page, 'ArrowUp', message(page, 'day 60'))
  await keys.press('e')
  await press(page, 'Tab', page.getByRole('dialog').getByRole('button').first())
  await keys.press('Enter')
  await see(message(page, 'day 60').getByRole('button', { name: /1 person: You/ })).toBeVisible()
  await seeHeld(page)
  await press(page, 'ArrowUp', message(page, 'day 59'))
  await press(page, 'ArrowDown', message(page, 'day 60'))
  await keys.press('r')
  await see(box(page)).toBeFocused()
  await see(page.getByRole('button', { name: 'Cancel the reply' })).toBeVisible()
  await keys.type('That was a day')
  await keys.press('Enter')
  await see(message(page, 'That was a day').getByLabel(/^(Sent|Read by)/)).toBeVisible()

  const details = page.getByRole('complementary', { name: 'Details' })
  await press(page, 'Shift+Tab', page.getByRole('button', { name: 'Details', exact: true }))
  await keys.press('Enter')
  await see(details).toBeVisible()
  await seeHeld(page)
  await keys.press('Escape')
  await see(details).toBeHidden()
  await seeHeld(page)

  await keys.press('Control+k')
  await see(page.getByRole('combobox', { name: 'Search' })).toBeFocused()
  await seeHeld(page)
  await keys.type('zebra')
  await see(page.getByRole('option', { name: /The zebra was here/, selected: true })).toBeVisible()
  await keys.press('Enter')
  await see(message(page, 'The zebra was here')).toBeInViewport()
  await seeHeld(page)

  await keys.press('Control+Shift+f')
  await see(page.getByRole('heading', { name: 'Friends', level: 1 })).toBeVisible()
  await seeHeld(page)
  await press(page, 'Tab', page.getByRole('tab', { selected: true }))
  await press(page, 'ArrowRight', page.getByRole('tab', { name: 'Requests' }))
  await press(page, 'Tab', page.getByRole('button', { name: 'Accept the request of Ben' }))
  await keys.press('Enter')
  await see(page.getByText('No open requests')).toBeVisible()
  await seeHeld(page)

  await keys.press('Control+,')
  await see(page.getByRole('heading', { name: 'Settings', level: 1 })).toBeVisible()
  await seeHeld(page)
  const sections = page.getByRole('navigation', { name: 'Sections of the settings' })
  await press(page, 'Tab', sections.getByRole('link', { name: 'Appearance' }))
  await keys.press('Enter')
  await press(page, 'Tab', page.getByRole('radio', { name: 'System' }))
  await press(page, 'ArrowDown', page.getByRole('radio', { name: 'Dark' }))
  await see(page.locator('html')).toHaveAttribute('data-theme', 'dark')

  await press(page, 'Shift+Tab', sections.getByRole('link', { name: 'Sign out and delete' }))
  await keys.press('Enter')
  await press(page, 'Tab', page.getByRole('main').getByRole('button', { name: 'Sign out', exact: true }))
  await keys.press('Enter')
  const question = page.getByRole('alertdialog')
  await see(question).toBeVisible()
  await seeHeld(page)
  await press(page, 'Tab', question.getByRole('button', { name: 'Sign out' }))
  await keys.press('Enter')
  await see(page.getByRole('heading', { name: 'Welcome back' })).toBeVisible()
  await see(page.getByLabel('Email or username')).toBeFocused()
  await seeHeld(page)
})

test('with the colours of the system alone one still sees what is chosen and where the keyboard is', async () => {
  const [ana, ben] = await Promise.all([stage.person('Ana'), stage.person('Ben')])
  const [talk] = [await group(ana, 'Chosen', ben), await group(ana, 'Other', ben)]
  const page = await ana.open(`/c/${talk}`)
  await page.emulateMedia({ forcedColors: 'active' })
  await see(box(page)).toBeFocused()
  const edges = (target: Locator): Promise<string> =>
    target.evaluate((element) => {
      const { outlineStyle, outlineWidth, borderStyle, borderWidth } = getComputedStyle(element)
      return `${outlineStyle} ${outlineWidth} ${borderStyle} ${borderWidth}`
    })
  const [chosen, other] = [inboxRow(page, 'Chosen'), inboxRow(page, 'Other')]
  const unheld = await edges(other)
  expect(await edges(chosen)).not.toBe(unheld)
  const isRinged = (target: Locator) =>
    target.evaluate((element) => {
      const { outlineStyle, outlineWidth } = getComputedStyle(element)
      return outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 2
    })
  expect(await isRinged(box(page))).toBe(true)
  await press(page, 'Shift+Tab', chosen)
  expect(await isRinged(chosen)).toBe(true)
  await press(page, 'ArrowUp', other)
  expect(await isRinged(other)).toBe(true)
  expect(await edges(other)).not.toBe(unheld)
  expect(await edges(chosen)).not.toBe(await edges(other))
})
