import { rest, type ConversationId } from '@parley/protocol'
import pg from 'pg'
import type { Page } from 'playwright'
import { startFront } from '../kit/front.ts'
import { nextBuild } from '../kit/next-build.ts'
import { groupOfThePast } from '../kit/past.ts'
import { installed, see } from '../kit/screen.ts'
import type { Scene, Shot } from './studio.ts'
import { at, PASSWORD, PEOPLE } from './world/people.ts'

const composer = (page: Page) => page.locator('main textarea')
const bar = (page: Page) => page.getByRole('status').filter({ has: page.locator('svg') })

async function write({ page }: Scene, ...texts: readonly string[]): Promise<void> {
  await see(composer(page)).toBeEditable()
  for (const text of texts) {
    await composer(page).fill(text)
    // With a finger, Enter alone breaks the line.
    await composer(page).press('ControlOrMeta+Enter')
  }
}

/** A connection that is asked for and answered as `how` says, before the page asks. */
const sockets =
  (how: 'never' | 'refused') =>
  ({ page }: Scene): Promise<void> =>
    page.routeWebSocket(/\/sync/, (socket) => {
      if (how === 'refused') void socket.close()
    })

/** As browsers are that keep nothing in private windows. */
function forbidDatabases(): void {
  Object.defineProperty(globalThis, 'indexedDB', { get: () => undefined })
}

/** As a browser that says that nearly all is used. */
function nearlyFull(): void {
  if (!('StorageManager' in globalThis)) return
  StorageManager.prototype.estimate = () => Promise.resolve({ usage: 99e6, quota: 100e6 })
}

/** As on a device where nobody has been asked yet, and the browser would let them say yes. */
async function unasked({ page, url }: Scene): Promise<void> {
  await page.context().grantPermissions(['notifications'], { origin: url })
  await page.addInitScript(() => localStorage.removeItem('parley.told'))
}

/** As on the second visit of a browser that would install the app: one offers nothing to who looks in once. */
async function installable({ page }: Scene): Promise<void> {
  await page.addInitScript(() => {
    localStorage.setItem('parley.visits', '2')
    addEventListener('load', () => dispatchEvent(new Event('beforeinstallprompt', { cancelable: true })))
  })
}

/** Has a member of the radio's log read a year of it: more than comes to a device in the time of a picture. */
async function longHistory({ world, page }: Scene): Promise<void> {
  const client = new pg.Client({ connectionString: world.databaseUrl })
  await client.connect()
  try {
    const lines = Array.from({ length: 12_000 }, (_, n) => ({
      at: at(100, '08:00') + n * 600_000,
      author: n % 3 === 0 ? PEOPLE.noam.id : PEOPLE.mei.id,
      text: `Channel ${1 + (n % 16)} clear, all quiet`,
    }))
    await groupOfThePast(client, 'Radio log', [PEOPLE.noam.id, PEOPLE.mei.id], lines)
  } finally {
    await client.end()
  }
  let pages = 0
  await page.route(/\/events\?/, async (route) => {
    pages += 1
    // After these the line is silent, and the number stands still for its picture.
    if (pages <= 24) await route.continue()
  })
}

const asTomas = ({ world }: Scene) => world.askAs('tomas')
const flat = ({ world }: Scene): ConversationId => world.conversation('Flat 12')

/** What has happened to the app, the device, the line or the server, each as the person sees it. */
export const STATES: readonly Shot[] = [
  {
    name: 'state-offline',
    isFresh: true,
    at: ({ path }) => path('Weekend hike'),
    act: async (scene) => {
      await see(composer(scene.page)).toBeEditable()
      await scene.page.context().setOffline(true)
      await write(
        scene,
        'Written on the train',
        'There is no network in the tunnel',
        'All the more time to write',
      )
      await see(bar(scene.page).first()).toBeVisible()
    },
  },
  {
    name: 'state-connecting',
    isFresh: true,
    before: sockets('never'),
    act: async ({ page }) => see(bar(page).first()).toBeVisible(),
  },
  {
    name: 'state-server-down',
    isFresh: true,
    at: ({ path }) => path('Field station'),
    before: sockets('refused'),
    act: async ({ page }) => see(bar(page).getByRole('button')).toBeVisible(),
  },
  {
    name: 'state-loading-history',
    who: 'noam',
    isFresh: true,
    before: longHistory,
    act: async ({ page }) => see(page.getByRole('progressbar')).toBeVisible(),
  },
  {
    name: 'state-first-loading',
    isFresh: true,
    before: ({ page }) => page.route('**/api/conversations*', () => undefined),
  },
  {
    name: 'state-private-window',
    isFresh: true,
    before: ({ page }) => page.addInitScript(forbidDatabases),
    act: async ({ page }) => see(bar(page).first()).toBeVisible(),
  },
  {
    name: 'state-device-full',
    who: 'noam',
    isFresh: true,
    before: ({ page }) => page.addInitScript(nearlyFull),
    act: async ({ page }) => see(bar(page).getByRole('button')).toBeVisible(),
  },
  {
    name: 'state-signed-out-elsewhere',
    isFresh: true,
    before: signInAnew,
    act: async (scene) => {
      await see(scene.page.getByRole('navigation').getByRole('link').first()).toBeVisible()
      await endThisSession(scene)
      await see(bar(scene.page).getByRole('button')).toBeVisible()
    },
  },
  {
    name: 'state-signed-out-elsewhere-dialog',
    isFresh: true,
    before: signInAnew,
    act: async (scene) => {
      await see(scene.page.getByRole('navigation').getByRole('link').first()).toBeVisible()
      await endThisSession(scene)
      await bar(scene.page).getByRole('button').first().click()
      await see(scene.page.getByRole('dialog')).toBeVisible()
    },
  },
  { name: 'state-new-version', isFresh: true, act: newVersion },
  {
    name: 'state-be-told',
    isFresh: true,
    before: unasked,
    act: async ({ page }) => see(bar(page).getByRole('button').nth(1)).toBeVisible(),
  },
  {
    name: 'state-install',
    isFresh: true,
    before: installable,
    act: async ({ page }) => see(bar(page).getByRole('button').nth(1)).toBeVisible(),
  },
  {
    name: 'state-unknown-conversation',
    at: `/c/0199d3a0-ffff-7000-8000-000000000000`,
  },
  {
    name: 'state-removed',
    isFresh: true,
    at: ({ path }) => path('Photography'),
    act: async (scene) => {
      await see(scene.page.getByRole('log').getByRole('article').last()).toBeVisible()
      const photography = scene.world.conversation('Photography')
      const ana = `/api/conversations/${photography}/members/${PEOPLE.ana.id}`
      await scene.world.askAs('chiara')('DELETE', ana)
      await see(composer(scene.page)).toHaveCount(0)
    },
  },
  {
    name: 'state-refused',
    isFresh: true,
    at: ({ path }) => path('Flat 12'),
    act: async (scene) => {
      await see(composer(scene.page)).toBeEditable()
      await scene.page.context().setOffline(true)
      await write(scene, 'It is mine, sorry! I move it this evening.')
      await asTomas(scene)('PATCH', `/api/conversations/${flat(scene)}`, { archived: true })
      await scene.page.context().setOffline(false)
      await see(bar(scene.page).getByRole('button').first()).toBeVisible()
    },
  },
  {
    name: 'state-refused-list',
    isFresh: true,
    at: ({ path }) => path('Flat 12'),
    before: async (scene) =>
      asTomas(scene)('PATCH', `/api/conversations/${flat(scene)}`, { archived: false }),
    act: async (scene) => {
      const { page } = scene
      await see(composer(page)).toBeEditable()
      await page.context().setOffline(true)
      await write(scene, 'The basket is new, by the way', 'And the bell')
      await asTomas(scene)('PATCH', `/api/conversations/${flat(scene)}`, { archived: true })
      await page.context().setOffline(false)
      await bar(page).getByRole('button').first().click()
      await see(page.getByRole('dialog').getByRole('listitem').nth(1)).toBeVisible()
    },
  },
]

/** The next version of the app appears on the server while this one is open. */
async function newVersion({ page, world }: Scene): Promise<void> {
  const front = await startFront(world.url)
  page.context().on('close', () => void front.close())
  await page.goto(front.url)
  await installed(page)
  for (const [path, content] of await nextBuild('next'))
    front.answer(path, () => content, path.startsWith('/assets/') ? '/before.js' : path)
  await page.context().setOffline(true)
  await page.context().setOffline(false)
  await see(bar(page).getByRole('button')).toBeVisible()
}

/** A session of its own, which can be ended without ending that of the other pictures. */
async function signInAnew({ page, url }: Scene): Promise<void> {
  await page.context().clearCookies()
  const data = { login: PEOPLE.ana.username, password: PASSWORD }
  const answer = await page.context().request.post('/api/sessions', { data, headers: { Origin: url } })
  rest.me.parse(await answer.json())
}

/** From elsewhere: this device only learns of it. */
async function endThisSession({ page, url, world }: Scene): Promise<void> {
  const listed = await page.context().request.get('/api/sessions')
  const { sessions } = rest.sessionList.parse(await listed.json())
  const own = sessions.find(({ current }) => current)
  if (own === undefined || url === '') throw new Error('a page has a session')
  await installed(page)
  await world.askAs('ana')('DELETE', `/api/sessions/${own.id}`)
}
