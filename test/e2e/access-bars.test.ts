import type { Page } from 'playwright'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { useStage } from '../kit/browser.ts'
import { findings } from '../kit/findings.ts'
import { bar, group, say, see } from '../kit/screen.ts'

const stage = useStage()

/** What stood in live regions already when they came into the page: no screen reader says it. */
const unheard = (page: Page): Promise<readonly string[]> =>
  page.evaluate(() => (globalThis as unknown as { unheard: readonly string[] }).unheard)

const listen = (): void => {
  const words: string[] = []
  Object.assign(globalThis, { unheard: words })
  new MutationObserver((changes) => {
    for (const node of changes.flatMap(({ addedNodes }) => [...addedNodes])) {
      if (!(node instanceof Element)) continue
      for (const region of [node, ...node.querySelectorAll('*')].filter((each) => each.role === 'status'))
        if (region.textContent !== '') words.push(region.textContent)
    }
  }).observe(document, { childList: true, subtree: true })
}

test('a line above everything is in the page before its words, so that it is heard', async () => {
  const [ana, ben] = await Promise.all([stage.person('Ana'), stage.person('Ben')])
  const conversation = await group(ana, 'Farewell', ben)
  await ben.device.grantPermissions(['notifications'])
  await ben.device.addInitScript(listen)
  const page = await ben.open(`/c/${conversation}`)
  await see(page.getByRole('textbox', { name: 'Message', exact: true })).toBeVisible()
  // What is being loaded at the beginning need not be said.
  await page.evaluate(() => (globalThis as unknown as { unheard: string[] }).unheard.splice(0))
  await ben.device.setOffline(true)
  await say(page, 'Too late')
  await see(bar(page, 'You are offline')).toBeVisible()
  await ana.ask('DELETE', `/api/conversations/${conversation}/members/${ben.id}`, z.unknown())
  await ben.device.setOffline(false)
  await see(bar(page, '1 thing you did was not accepted.')).toBeVisible()
  expect(await unheard(page)).toEqual([])
  // Above everything: the first of them at the very top.
  const tops = await page.getByRole('status').evaluateAll((all) => {
    const seen = all.filter((each) => !each.classList.contains('visually-hidden'))
    return seen.map((each) => each.getBoundingClientRect().top)
  })
  expect(tops).toContain(0)
  expect(await findings(page)).toEqual([])
})
