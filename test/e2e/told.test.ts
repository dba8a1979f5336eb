import { type ConversationId, type PushMessage, rest, type UserId } from '@parley/protocol'
import type { BrowserContext, Page, Worker } from 'playwright'
import { expect, test } from 'vitest'
import { openBackground } from '../kit/background.ts'
import { type Person, useStage } from '../kit/browser.ts'
import { findings } from '../kit/findings.ts'
import { bar, box, group, inboxRow, installed, message, say, sayAs, see } from '../kit/screen.ts'

const stage = useStage()

interface Shown {
  readonly title: string
  readonly body: string
  readonly tag: string
}

interface Watched {
  readonly shown: Map<string, Shown>
}

function workerOf(device: BrowserContext): Worker {
  const [worker] = device.serviceWorkers()
  if (worker === undefined) throw new Error('a service worker expected')
  return worker
}

/** Has the service worker remember what it shows: asking the browser meanwhile makes Chromium forget what is just coming. */
async function watchShown(device: BrowserContext): Promise<void> {
  await workerOf(device).evaluate(() => {
    const shown = new Map<string, Shown>()
    Object.assign(globalThis, { shown })
    const { showNotification } = ServiceWorkerRegistration.prototype
    ServiceWorkerRegistration.prototype.showNotification = async function (title, options) {
      // Chromium takes them away after a while by itself.
      await showNotification.call(this, title, { ...options, requireInteraction: true })
      const { body = '', tag = '' } = options ?? {}
      shown.set(tag, { title, body, tag })
    }
    const { close } = Notification.prototype
    Notification.prototype.close = function () {
      shown.delete(this.tag)
      close.call(this)
    }
  })
}

/** What the worker has shown and not closed again. */
const remembered = (device: BrowserContext): Promise<readonly Shown[]> =>
  workerOf(device).evaluate(() => [...(globalThis as unknown as Watched).shown.values()])

/** Waits until the worker has shown just this, and the browser says so as well. */
async function seeShown(page: Page, expected: readonly unknown[]): Promise<void> {
  await see.poll(() => remembered(page.context())).toEqual(expected)
  const really = (): Promise<readonly Shown[]> =>
    page.evaluate(async () => {
      const registration = await navigator.serviceWorker.ready
      const shown = await registration.getNotifications()
      return shown
        .map(({ title, body, tag }) => ({ title, body, tag }))
        .sort((a, b) => (a.title < b.title ? -1 : 1))
    })
  await see.poll(really).toEqual(expected)
}

/** A device whose person has said yes to the browser, and whose browser reaches no push service. */
async function allowed(name: string): Promise<Person> {
  const person = await stage.person(name)
  await person.device.grantPermissions(['notifications'])
  await person.device.addInitScript(() => {
    PushManager.prototype.subscribe = () => Promise.reject(new DOMException('no service', 'AbortError'))
  })
  return person
}

/** Another window stands before this one. */
async function cover(person: Person, page: Page): Promise<void> {
  await page.evaluate(() => {
    Object.defineProperty(document, 'visibilityState', { get: () => 'hidden', configurable: true })
    document.hasFocus = () => false
    document.dispatchEvent(new Event('visibilitychange'))
    globalThis.dispatchEvent(new Event('blur'))
  })
  const devtools = await person.device.newCDPSession(page)
  await devtools.send('Emulation.setFocusEmulationEnabled', { enabled: false })
  const other = await person.device.newPage()
  await other.bringToFront()
  await see
    .poll(() =>
      workerOf(person.device).evaluate(async () => {
        const { clients } = globalThis as unknown as {
          clients: { matchAll(options: object): Promise<readonly { focused: boolean }[]> }
        }
        return (await clients.matchAll({ includeUncontrolled: true })).some(({ focused }) => focused)
      }),
    )
    .toBe(false)
}

const pushed = (user: UserId, conversation: ConversationId, seq: number): PushMessage => ({
  kind: 'message',
  for: user,
  at: Date.now(),
  conversation,
  seq,
  conversationKind: 'group',
  actor: 'Ana',
  title: 'Crew',
  text: `number ${seq}`,
})

test('[R3] what comes by push is one notification for each conversation, and goes when it is read', async () => {
  const [ana, ben] = await Promise.all([stage.person('Ana'), allowed('Ben')])
  const conversation = await group(ana, 'Crew', ben)
  const his = await ben.open()
  await see(inboxRow(his, 'Crew')).toBeVisible()
  await installed(his)
  await watchShown(ben.device)
  const background = await openBackground(ben.device)
  const push = (sent: PushMessage) => background.push(stage.server.url, JSON.stringify(sent))
  await push(pushed(ben.id, conversation, 4))
  await push(pushed(ben.id, conversation, 5))
  await push(pushed(ben.id, conversation, 5))
  await seeShown(his, [{ title: 'Crew', body: 'Ana: number 5\nand 1 more', tag: `c/${conversation}` }])
  // Of somebody else who has used this browser before.
  await push({ ...pushed(ana.id, conversation, 6), title: 'Secret' })
  await push({ ...pushed(ben.id, conversation, 6), kind: 'mention' })
  await seeShown(his, [expect.objectContaining({ title: 'Ana mentioned you in Crew' })])

  const hers = await ana.open(`/c/${conversation}`)
  await say(hers, 'one', 'two', 'three')
  await his.bringToFront()
  await inboxRow(his, 'Crew').click()
  await see(message(his, 'three')).toBeVisible()
  await seeShown(his, [])
})

test('a notification that is chosen leads a window that is open to its message, without loading it anew', async () => {
  const [ana, ben] = await Promise.all([stage.person('Ana'), allowed('Ben')])
  const conversation = await group(ana, 'Crew', ben)
  const his = await ben.open()
  await see(inboxRow(his, 'Crew')).toBeVisible()
  await installed(his)
  await his.evaluate(() => Object.assign(globalThis, { isStillHere: true }))
  await workerOf(ben.device).evaluate(async (url) => {
    const { clients } = globalThis as unknown as {
      clients: { matchAll(): Promise<readonly { postMessage(said: unknown): void }[]> }
    }
    for (const window of await clients.matchAll()) window.postMessage({ open: url })
  }, `/c/${conversation}`)
  await see(box(his)).toBeVisible()
  expect(new URL(his.url()).pathname).toBe(`/c/${conversation}`)
  expect(await his.evaluate(() => 'isStillHere' in globalThis)).toBe(true)
})

test('[R3] with a window open but not before them, a person is told of what others say, as they have chosen', async () => {
  const [ana, ben] = await Promise.all([stage.person('Ana'), allowed('Ben')])
  const [crew, quiet] = [await group(ana, 'Crew', ben), await group(ana, 'Quiet', ben)]
  const his = await ben.open(`/c/${quiet}`)
  await installed(his)
  await watchShown(ben.device)
  const hers = await ana.open(`/c/${crew}`)
  await say(hers, 'the first')
  const asked = bar(his, 'Be told when somebody answers?')
  await asked.getByRole('button', { name: 'Yes' }).click()
  await see(asked).toHaveCount(0)
  await say(hers, 'before their eyes')
  await see(inboxRow(his, 'Crew')).toContainText('before their eyes')
  await seeShown(his, [])

  await cover(ben, his)
  await say(hers, 'behind their back')
  await seeShown(his, [{ title: 'Crew', body: 'Ana: behind their back', tag: `c/${crew}` }])
  await hers.goto(`/c/${quiet}`)
  await say(hers, 'there too')
  await seeShown(his, [
    { title: 'Crew', body: 'Ana: behind their back', tag: `c/${crew}` },
    { title: 'Quiet', body: 'Ana: there too', tag: `c/${quiet}` },
  ])
})

test('[R3] in a channel, where only mentions and replies are told, an answer to one’s own message is', async () => {
  const [ana, ben] = await Promise.all([stage.person('Ana'), allowed('Ben')])
  const made = { kind: 'channel', title: 'Plaza', members: [ben.id] }
  const { id } = await ana.ask('POST', '/api/conversations', rest.conversationSummary, made)
  const crew = await group(ana, 'Crew', ben)
  const mine = await sayAs(ben, id, 'Who has the key?')
  const his = await ben.open(`/c/${crew}`)
  await installed(his)
  await watchShown(ben.device)
  await say(his, 'hello')
  const asked = bar(his, 'Be told when somebody answers?')
  await asked.getByRole('button', { name: 'Yes' }).click()
  await see(asked).toHaveCount(0)
  await see(inboxRow(his, 'Plaza')).toContainText('Who has the key?')

  await cover(ben, his)
  await sayAs(ana, id, 'Something else')
  await see(inboxRow(his, 'Plaza')).toContainText('Something else')
  await sayAs(ana, id, 'I have', { replyTo: mine.id })
  await seeShown(his, [{ title: 'Ana answered you in Plaza', body: 'I have', tag: `c/${id}` }])
})

test('the title and the icon say what is unread, and nothing of a conversation that is muted', async () => {
  const [ana, ben] = await Promise.all([stage.person('Ana'), stage.person('Ben')])
  const crew = await group(ana, 'Crew', ben)
  const his = await ben.open()
  const hers = await ana.open(`/c/${crew}`)
  const icon = () => his.locator('link[rel=icon]').getAttribute('href')
  await see(inboxRow(his, 'Crew')).toBeVisible()
  await say(hers, 'one', 'two')
  await see(his).toHaveTitle('(2) Parley')
  expect(await icon()).toBe('/icons/icon-marked.svg')
  await inboxRow(his, 'Crew').click()
  await see(his).toHaveTitle('Parley')
  expect(await icon()).toBe('/icons/icon.svg')
})

test('whether to be told is asked after the first message, by mouse and by keys, and not again after a no', async () => {
  const [ana, ben] = await Promise.all([allowed('Ana'), stage.person('Ben')])
  const crew = await group(ana, 'Crew', ben)
  const hers = await ana.open(`/c/${crew}`)
  await see(box(hers)).toBeVisible()
  const asked = bar(hers, 'Be told when somebody answers?')
  await see(asked).toHaveCount(0)
  await say(hers, 'first')
  await see(asked).toBeVisible()
  expect(await findings(hers, '[role=status]')).toEqual([])
  await asked.getByRole('button', { name: 'Not now' }).focus()
  await hers.keyboard.press('Enter')
  await see(asked).toHaveCount(0)
  await hers.reload()
  await see(message(hers, 'first')).toBeVisible()
  await see(asked).toHaveCount(0)
})

test('installing is offered from the second visit on, and not again', async () => {
  const ana = await stage.person('Ana')
  await ana.device.addInitScript(() => {
    addEventListener('load', () => {
      const offered = Object.assign(new Event('beforeinstallprompt', { cancelable: true }), {
        prompt: async () => {
          dispatchEvent(new Event('appinstalled'))
          return { outcome: 'accepted' }
        },
      })
      dispatchEvent(offered)
    })
  })
  const first = await ana.open()
  await see(first.getByRole('navigation').first()).toBeVisible()
  await see(bar(first, 'Install Parley')).toHaveCount(0)
  await first.close()
  const second = await ana.open()
  await see(bar(second, 'Install Parley')).toBeVisible()
  await second.getByRole('button', { name: 'Install', exact: true }).click()
  await see(bar(second, 'Install Parley')).toHaveCount(0)
  const third = await ana.open()
  await see(third.getByRole('navigation').first()).toBeVisible()
  await see(bar(third, 'Install Parley')).toHaveCount(0)
})
