import type { Locator, Page } from 'playwright'
import { expect, test } from 'vitest'
import { useStage } from '../kit/browser.ts'
import { bar, box, dialog, group, inboxRow, message, sayAllAs, sayAs, see } from '../kit/screen.ts'

const stage = useStage()

/** What would have to be scrolled to sideways, or cannot be come to at all. */
const sideways = (page: Page): Promise<readonly string[]> =>
  page.evaluate(() => {
    const name = (element: Element) => (element.cloneNode() as Element).outerHTML.slice(0, 160)
    const found: string[] = []
    if (document.documentElement.scrollWidth > innerWidth) found.push('the page')
    for (const element of document.querySelectorAll('body *')) {
      if (!element.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue
      // What is drawn in two dimensions may be scrolled in both.
      if (element.closest('pre, table, svg, .visually-hidden') !== null) continue
      const { overflowX } = getComputedStyle(element)
      const canScroll = overflowX === 'auto' || overflowX === 'scroll'
      if (canScroll && element.scrollWidth > element.clientWidth + 1) found.push(`scrolls: ${name(element)}`)
      const { left, right, width, height } = element.getBoundingClientRect()
      const isControl = element.matches('a, button, input, textarea, select, article, [role=option]')
      if (isControl && width > 1 && height > 1 && (left < -1 || right > innerWidth + 1))
        found.push(`outside: ${name(element)}`)
    }
    return found
  })

/** A dialog stands in the window, and its last control can be come to. */
async function seeWhole(page: Page, shown: Locator): Promise<void> {
  await see(shown).toBeVisible()
  const last = shown.locator('button:visible, input:visible').last()
  await last.scrollIntoViewIfNeeded()
  await see(last).toBeInViewport({ ratio: 0.9 })
  const { width = 0, height = 0 } = page.viewportSize() ?? {}
  await see
    .poll(async () => {
      const area = await shown.boundingBox()
      return (
        area !== null &&
        area.x >= -1 &&
        area.y >= -1 &&
        area.x + area.width <= width + 1 &&
        area.y + area.height <= height + 1
      )
    })
    .toBe(true)
}

test('at twice and four times the size nothing is to be scrolled sideways, and all can be come to', async () => {
  const [ana, ben] = await Promise.all([stage.person('Ana'), stage.person('Ben')])
  const talk = await group(ana, 'Committee for the renewal of the eastern lakeside footpath', ben)
  await sayAllAs(ana, talk, [
    'a word',
    `${'unbreakably'.repeat(12)} https://example.org/${'path/'.repeat(30)}`,
    '```\nlet me = "see"\n```',
    'the last one',
  ])
  const page = await ana.open()
  const found: Record<string, readonly string[]> = {}
  const look = async (what: string): Promise<void> => {
    const all = await sideways(page)
    if (all.length > 0) found[what] = all
  }
  for (const [width, height] of [
    [640, 400],
    [320, 256],
  ] as const) {
    await page.setViewportSize({ width, height })
    await page.goto('/')
    await see(inboxRow(page, 'Committee')).toBeVisible()
    await see(inboxRow(page, 'Committee')).toBeInViewport()
    await look(`list at ${width}`)
    await page.goto(`/c/${talk}`)
    await see(message(page, 'the last one')).toBeInViewport()
    await see(box(page)).toBeInViewport({ ratio: 0.9 })
    await look(`conversation at ${width}`)
  }
  await page.setViewportSize({ width: 640, height: 400 })
  for (const at of [
    `/c/${talk}/details`,
    '/friends',
    '/notifications',
    '/channels',
    '/settings',
    '/settings/profile',
    '/settings/appearance',
    '/settings/keyboard',
  ]) {
    await page.goto(at)
    await see(page.getByRole('heading', { level: at.startsWith('/c/') ? 2 : 1 }).last()).toBeVisible()
    await look(at)
  }
  await page.goto('/')
  for (const [item, title] of [
    ['New group', 'New group'],
    ['New channel', 'New channel'],
  ] as const) {
    await page.getByRole('button', { name: 'New conversation' }).click()
    await page.getByRole('menuitem', { name: item }).click()
    await seeWhole(page, dialog(page, title))
    await look(title)
    await page.keyboard.press('Escape')
    await see(page.getByRole('dialog')).toHaveCount(0)
  }
  await page.keyboard.press('Control+/')
  await seeWhole(page, page.getByRole('dialog'))
  await look('keys')
  await page.keyboard.press('Escape')
  await see(page.getByRole('dialog')).toHaveCount(0)
  await page.keyboard.press('Control+k')
  await page.getByRole('combobox', { name: 'Search' }).fill('word')
  await see(page.getByRole('option').first()).toBeVisible()
  await seeWhole(page, dialog(page, 'Search'))
  await look('search')
  await page.goto(`/c/${talk}`)
  await page.getByRole('button', { name: 'Emoji', exact: true }).click()
  await see(page.getByRole('gridcell').first()).toBeVisible()
  await seeWhole(page, dialog(page, 'Emoji'))
  const entrance = await (await stage.device()).newPage()
  await entrance.setViewportSize({ width: 640, height: 400 })
  await entrance.goto('/sign-up')
  await entrance.getByRole('button', { name: 'Create account' }).click()
  await see(entrance.getByText('Please fill this in.').first()).toBeVisible()
  found['sign-up'] = await sideways(entrance)
  expect(found).toEqual({ 'sign-up': [] })
})

/** From now on, everything that moves for longer than an eye can see. */
const watchMoves = (page: Page): Promise<void> =>
  page.evaluate(() => {
    const moves = new Set<string>()
    Object.assign(globalThis, { moves })
    const note = (): void => {
      for (const animation of document.getAnimations()) {
        const { effect } = animation
        if (!(effect instanceof KeyframeEffect) || Number(effect.getComputedTiming().activeDuration) <= 1)
          continue
        const what = animation instanceof CSSTransition ? animation.transitionProperty : animation.id
        moves.add(`${(effect.target?.cloneNode() as Element | undefined)?.outerHTML.slice(0, 120)} ${what}`)
      }
    }
    for (const type of ['transitionrun', 'animationstart']) document.addEventListener(type, note, true)
  })
const moves = (page: Page): Promise<readonly string[]> =>
  page.evaluate(() => [...(globalThis as unknown as { moves: Set<string> }).moves])

test('who wants less motion gets none, and the others some', async () => {
  const [ana, ben] = await Promise.all([stage.person('Ana'), stage.person('Ben')])
  const talk = await group(ana, 'Calm', ben)
  const page = await ana.open(`/c/${talk}`)
  const walk = async (reducedMotion: 'reduce' | 'no-preference', text: string): Promise<void> => {
    await page.emulateMedia({ reducedMotion })
    await page.goto(`/c/${talk}`)
    await see(box(page)).toBeVisible()
    await watchMoves(page)
    await sayAs(ben, talk, text)
    await see(message(page, text)).toBeVisible()
    await page.getByRole('button', { name: 'Details', exact: true }).click()
    await see(page.getByRole('complementary', { name: 'Details' })).toBeVisible()
    await page.keyboard.press('Control+k')
    await see(dialog(page, 'Search')).toBeVisible()
    await page.keyboard.press('Escape')
    await see(dialog(page, 'Search')).toBeHidden()
    await page.getByRole('button', { name: 'New conversation' }).click()
    await page.getByRole('menuitem', { name: 'New group' }).click()
    await see(dialog(page, 'New group')).toBeVisible()
    await page.getByRole('button', { name: 'Cancel' }).click()
    await see(dialog(page, 'New group')).toBeHidden()
    await inboxRow(page, 'Calm').hover()
    await ana.device.setOffline(true)
    await see(bar(page, 'You are offline')).toBeVisible()
    await ana.device.setOffline(false)
    await see(bar(page, 'You are offline')).toBeHidden()
  }
  await walk('reduce', 'still')
  expect(await moves(page)).toEqual([])
  await walk('no-preference', 'moving')
  expect((await moves(page)).length).toBeGreaterThan(3)
})
