import { rest } from '@parley/protocol'
import type { Page } from 'playwright'
import { expect, test } from 'vitest'
import { useStage } from '../kit/browser.ts'
import { bar, dialog, group, inboxRow, mark, message, say, sayAllAs, sayAs, see } from '../kit/screen.ts'

const stage = useStage()

interface Spoken {
  readonly role: string
  readonly name: string
  readonly level: number | undefined
  readonly description: string
}

/** The page as a screen reader has it, in order. */
async function read(page: Page): Promise<readonly Spoken[]> {
  const devtools = await page.context().newCDPSession(page)
  const { nodes } = await devtools.send('Accessibility.getFullAXTree')
  await devtools.detach()
  const text = (value: unknown): string => (typeof value === 'string' ? value : '')
  const byId = new Map(nodes.map((node) => [node.nodeId, node]))
  const inOrder = (id: string): readonly (typeof nodes)[number][] => {
    const node = byId.get(id)
    return node === undefined ? [] : [node, ...(node.childIds ?? []).flatMap(inOrder)]
  }
  return inOrder(nodes[0]?.nodeId ?? '')
    .filter(({ ignored }) => !ignored)
    .map(({ role, name, description, properties }) => ({
      role: text(role?.value),
      name: text(name?.value),
      description: text(description?.value),
      level: properties?.find((each) => each.name === 'level')?.value.value as number | undefined,
    }))
}

const LANDMARKS = new Set(['navigation', 'main', 'complementary', 'banner', 'contentinfo'])
const CONTROLS = new Set([
  ...['button', 'link', 'textbox', 'combobox', 'searchbox', 'checkbox', 'radio', 'switch', 'tab', 'slider'],
  ...['menuitem', 'menuitemradio', 'option', 'image', 'dialog', 'alertdialog', 'article', 'progressbar'],
])

const landmarks = (spoken: readonly Spoken[]): readonly string[] =>
  spoken.filter(({ role }) => LANDMARKS.has(role)).map(({ role, name }) => `${role} ${name}`.trim())

/** What would leave somebody who only listens without a word, or make them wonder what they have missed. */
function riddles(spoken: readonly Spoken[]): readonly string[] {
  const levels = spoken.flatMap(({ role, level = 0 }) => (role === 'heading' ? [level] : []))
  const marks = landmarks(spoken)
  return [
    ...spoken
      .filter(({ role, name }) => CONTROLS.has(role) && name.trim() === '')
      .map(({ role }) => `${role} without a name`),
    ...levels
      .filter((level, index) => level > (levels[index - 1] ?? 0) + 1)
      .map((level) => `heading of level ${level} below none`),
    ...marks.filter((each, index) => marks.indexOf(each) !== index).map((each) => `two of ${each}`),
    ...(marks.filter((each) => each.startsWith('main')).length === 1 ? [] : ['not one main part']),
  ]
}

/** From now on, what is put into the live regions that are there before: others are not listened to yet. */
const listen = (page: Page): Promise<void> =>
  page.evaluate(() => {
    const heard: string[] = []
    Object.assign(globalThis, { heard })
    const LIVE = '[role=status], [role=alert], [aria-live=polite], [aria-live=assertive]'
    new MutationObserver((changes) => {
      const regions = new Set(
        changes.flatMap(({ target }) => {
          const near = target instanceof Element ? target : target.parentElement
          const region = near?.closest(LIVE)
          const isOff = near?.closest('[aria-live=off], [aria-hidden=true]') ?? null
          return region === null || region === undefined || isOff !== null ? [] : [region]
        }),
      )
      for (const region of regions) {
        const copy = region.cloneNode(true) as Element
        for (const each of copy.querySelectorAll('[aria-hidden=true], [aria-live=off]')) each.remove()
        const words = copy.textContent.trim()
        const how = region.role === 'alert' || region.ariaLive === 'assertive' ? 'at once' : 'politely'
        if (words !== '') heard.push(`${how}: ${words}`)
      }
    }).observe(document.body, { subtree: true, childList: true, characterData: true })
  })

const heard = (page: Page, words: RegExp): Promise<readonly string[]> =>
  page.evaluate(
    (source) =>
      (globalThis as unknown as { heard: string[] }).heard.filter((each) => new RegExp(source).test(each)),
    words.source,
  )

test('who listens finds their way: landmarks, headings, and every row, message and control has its words', async () => {
  const [ana, ben] = await Promise.all([stage.person('Ana'), stage.person('Ben')])
  const [talk, other] = [await group(ana, 'Garden', ben), await group(ana, 'Office', ben)]
  await sayAs(ben, other, `@${ana.username} are you there?`)
  await sayAllAs(ben, talk, ['Good morning', 'The beans are ripe'])
  await sayAs(ana, talk, 'I come at noon')
  const page = await ana.open(`/c/${talk}`)
  await see(mark(page, 'I come at noon', 'Sent')).toBeVisible()
  await see(inboxRow(page, 'Office').getByLabel('1 unread message')).toBeVisible()
  await see(inboxRow(page, 'Garden').getByLabel(/unread/)).toHaveCount(0)

  const spoken = await read(page)
  expect(riddles(spoken)).toEqual([])
  expect(landmarks(spoken)).toEqual(['navigation Conversations', 'navigation Areas', 'main'])
  const names = (role: string) => spoken.flatMap((each) => (each.role === role ? [each.name] : []))
  const TIME = String.raw`\d\d:\d\d`
  expect(names('link')).toEqual([
    'Skip to the message box',
    'Skip to the messages',
    expect.stringMatching(new RegExp(`^Garden ${TIME} You: I come at noon$`)),
    expect.stringMatching(
      new RegExp(`^Office ${TIME} Ben: @${ana.username} are you there\\?.* 1 unread message$`),
    ),
    ...['Friends', 'Notifications', 'Channels', 'Settings'].map((name) => expect.stringMatching(`^${name}`)),
  ])
  expect(names('article')).toEqual([
    expect.stringMatching(new RegExp(`^Ben:? Good morning ${TIME}$`)),
    expect.stringMatching(new RegExp(`^Ben:? The beans are ripe ${TIME}$`)),
    expect.stringMatching(new RegExp(`^You: I come at noon ${TIME} Sent$`)),
  ])
  expect(spoken.find(({ role, name }) => role === 'textbox' && name === 'Message')).toMatchObject({
    description: 'Enter sends, Shift and Enter breaks the line',
  })

  await page.getByRole('button', { name: 'Details', exact: true }).click()
  await see(page.getByRole('heading', { name: /Members/ })).toBeVisible()
  const withDetails = await read(page)
  expect(riddles(withDetails)).toEqual([])
  expect(landmarks(withDetails)).toContain('complementary Details')
  for (const at of ['/friends', '/notifications', '/channels', '/settings', '/']) {
    await page.goto(at)
    await see(page.getByRole('main')).toBeVisible()
    await see(inboxRow(page, 'Garden')).toBeVisible()
    expect(riddles(await read(page)), at).toEqual([])
  }
  await page.keyboard.press('Control+k')
  await see(dialog(page, 'Search')).toBeVisible()
  const searching = await read(page)
  expect(searching.filter(({ role, name }) => CONTROLS.has(role) && name === '')).toEqual([])
})

test('a new message is said once and politely, one’s own is not, and going offline and coming back are told', async () => {
  const [ana, ben] = await Promise.all([stage.person('Ana'), stage.person('Ben')])
  const talk = await group(ana, 'Garden', ben)
  await sayAs(ben, talk, 'before')
  const page = await ana.open(`/c/${talk}`)
  await see(message(page, 'before')).toBeVisible()
  await listen(page)
  const { id } = await sayAs(ben, talk, 'ripe')
  await see.poll(() => heard(page, /ripe/)).toEqual(['politely: Ben: ripe'])
  // The same words again are another message.
  await sayAs(ben, talk, 'ripe')
  await see.poll(() => heard(page, /ripe/)).toEqual(['politely: Ben: ripe', 'politely: Ben: ripe'])
  await ben.ask('POST', `/api/conversations/${talk}/events`, rest.said, {
    type: 'reaction',
    to: id,
    emoji: '🎉',
    on: true,
  })
  await say(page, 'all of mine')
  await see(mark(page, 'all of mine', /^(Sent|Read)/)).toBeVisible()
  await sayAs(ben, talk, 'and then')
  await see.poll(() => heard(page, /and then/)).toEqual(['politely: Ben: and then'])
  expect(await heard(page, /mine/)).toEqual([])
  expect(await heard(page, /ripe/)).toHaveLength(2)
  expect(await heard(page, /before/)).toEqual([])

  await ana.device.setOffline(true)
  await see
    .poll(() => heard(page, /offline/))
    .toEqual([expect.stringMatching(/^politely: You are offline\./)])
  await ana.device.setOffline(false)
  await see.poll(() => heard(page, /connected again/)).toEqual(['politely: You are connected again.'])
  await see(bar(page, 'You are offline')).toBeHidden()
})
