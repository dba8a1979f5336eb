import type { ConversationId } from '@parley/protocol'
import pg from 'pg'
import type { Page } from 'playwright'
import { expect, test } from 'vitest'
import { type Person, useStage } from '../kit/browser.ts'
import { findings } from '../kit/findings.ts'
import { groupOfThePast, type PastMessage } from '../kit/past.ts'
import {
  ACKNOWLEDGED,
  bar,
  group,
  inboxRow,
  installed,
  logged,
  mark,
  message,
  numbered,
  say,
  see,
  seeAcknowledged,
  seeTexts,
} from '../kit/screen.ts'

const stage = useStage()

/** A page beside the app, which can reach its data. */
async function beside(person: Person): Promise<Page> {
  const page = await person.device.newPage()
  await page.goto('/healthz')
  return page
}

/** Deletes the databases as a browser does that is short of space: when nobody uses them. */
async function evict(person: Person): Promise<void> {
  const page = await beside(person)
  await page.evaluate(async () => {
    for (const { name = '' } of await indexedDB.databases())
      // A window that was closed just now may still be letting go of it: then it is deleted a little later.
      await new Promise<void>((resolve, reject) => {
        const request = indexedDB.deleteDatabase(name)
        request.addEventListener('success', () => resolve())
        request.addEventListener('error', () => reject(new Error(`${name} cannot be deleted`)))
      })
  })
  await page.close()
}

/** As in browsers that cannot wake a worker to send what waits. */
function forbidBackgroundSync(): void {
  if (!('ServiceWorkerRegistration' in globalThis)) return
  Object.defineProperty(ServiceWorkerRegistration.prototype, 'sync', { value: undefined })
}

/** Has said `count` things in a group of Ana's, at once. */
async function longTalk(ana: Person, title: string, count: number): Promise<ConversationId> {
  const client = new pg.Client({ connectionString: stage.server.databaseUrl })
  await client.connect()
  try {
    const said = numbered('line', count).map((text, n): PastMessage => ({
      at: Date.UTC(2025, 0, 1) + n * 60_000,
      author: ana.id,
      text,
    }))
    return await groupOfThePast(client, title, [ana.id], said)
  } finally {
    await client.end()
  }
}

test('[C6] what the browser has removed is missed: said with the number of what was not sent, and fetched again', async () => {
  const ana = await stage.person('Ana')
  const conversation = await group(ana, 'Notes')
  await ana.device.addInitScript(forbidBackgroundSync)
  const page = await ana.open(`/c/${conversation}`)
  await say(page, 'sent before')
  await see(mark(page, 'sent before', 'Sent')).toBeVisible()
  await installed(page)
  await ana.device.setOffline(true)
  await say(page, 'never sent', 'nor this')
  await see(mark(page, 'nor this', 'Saved on this device')).toBeVisible()
  await page.close()
  await ana.device.setOffline(false)
  await evict(ana)

  const again = await ana.open(`/c/${conversation}`)
  const told = bar(again, 'and with it 2 things that had not been sent')
  await see(told).toBeVisible()
  await seeTexts(again, ['sent before'])
  await again.reload()
  await see(told).toBeVisible()
  await told.getByRole('button', { name: 'Understood' }).click()
  await see(told).toHaveCount(0)
  await again.reload()
  await seeTexts(again, ['sent before'])
  await see(told).toHaveCount(0)
  await again.close()

  // With the cookie gone, too, somebody has to sign in.
  await evict(ana)
  await ana.device.clearCookies()
  const door = await ana.open('/')
  await see(door.getByRole('status').filter({ hasText: 'Sign in, and it comes again' })).toBeVisible()
  await door.getByLabel('Email or username').fill(ana.username)
  await door.getByLabel('Password', { exact: true }).fill(ana.password)
  await door.getByRole('button', { name: 'Sign in' }).click()
  await see(bar(door, 'It comes again from the server.')).toBeVisible()
  await see(inboxRow(door, 'Notes')).toBeVisible()
})

test('[C6] data that is cleared under an open window is put back by it, with what was not sent', async () => {
  const ana = await stage.person('Ana')
  const conversation = await group(ana, 'Notes')
  const page = await ana.open(`/c/${conversation}`)
  await say(page, 'sent before')
  await see(mark(page, 'sent before', 'Sent')).toBeVisible()
  await installed(page)
  await ana.device.setOffline(true)
  await say(page, 'waits')
  await see(mark(page, 'waits', 'Saved on this device')).toBeVisible()
  const devtools = await ana.device.newCDPSession(page)
  await devtools.send('Storage.clearDataForOrigin', {
    origin: stage.server.url,
    storageTypes: 'indexeddb,local_storage',
  })
  await say(page, 'written after it')
  await see(mark(page, 'written after it', 'Saved on this device')).toBeVisible()
  await page.close()
  await ana.device.setOffline(false)

  const again = await ana.open(`/c/${conversation}`)
  const all = ['sent before', 'waits', 'written after it']
  await seeTexts(again, all)
  await see(mark(again, 'written after it', ACKNOWLEDGED)).toBeVisible()
  await see(bar(again, 'has removed')).toHaveCount(0)
  expect(await logged(ana, conversation)).toEqual(all)
})

/** As private windows are that allow no database. */
function forbidDatabases(): void {
  IDBFactory.prototype.open = () => {
    throw new DOMException('A mutation operation was attempted.', 'InvalidStateError')
  }
}

test('[C6] a private window that keeps nothing says so, and sends all the same', async () => {
  const ana = await stage.person('Ana')
  const conversation = await group(ana, 'Notes')
  await ana.device.addInitScript(forbidDatabases)
  const page = await ana.open(`/c/${conversation}`)
  await see(bar(page, 'This browser keeps nothing for Parley, as in a private window.')).toBeVisible()
  await see(page.getByRole('button', { name: 'Start anew' })).toHaveCount(0)
  await say(page, 'sent at once')
  await see(mark(page, 'sent at once', ACKNOWLEDGED)).toBeVisible()
})

/** A disk whose databases of persons cannot be opened until they are deleted. */
function breakable(): void {
  const { open, deleteDatabase } = IDBFactory.prototype
  IDBFactory.prototype.open = function (name: string, version?: number) {
    if (localStorage.getItem('isBroken') !== null && name.startsWith('parley/'))
      throw new DOMException('Internal error.', 'UnknownError')
    return open.call(this, name, version)
  }
  IDBFactory.prototype.deleteDatabase = function (name: string) {
    localStorage.removeItem('isBroken')
    return deleteDatabase.call(this, name)
  }
}

test('[C6] a database that cannot be opened is said so, and deleted for the server’s only when the person agrees', async () => {
  const ana = await stage.person('Ana')
  const conversation = await group(ana, 'Notes')
  await ana.device.addInitScript(forbidBackgroundSync)
  await ana.device.addInitScript(breakable)
  const page = await ana.open(`/c/${conversation}`)
  await say(page, 'sent before')
  await see(mark(page, 'sent before', 'Sent')).toBeVisible()
  await installed(page)
  await ana.device.setOffline(true)
  await say(page, 'not sent')
  await see(mark(page, 'not sent', 'Saved on this device')).toBeVisible()
  await page.evaluate(() => localStorage.setItem('isBroken', 'yes'))
  await page.close()
  await ana.device.setOffline(false)

  const again = await ana.open(`/c/${conversation}`)
  const told = bar(again, 'What Parley had kept on this device cannot be opened')
  await see(told).toBeVisible()
  await seeTexts(again, ['sent before'])
  await told.getByRole('button', { name: 'Start anew' }).click()
  const question = again.getByRole('alertdialog', { name: 'Start anew with what the server has?' })
  await see(question).toContainText('1 thing that you did here had not been sent. It will be lost.')
  await question.getByRole('button', { name: 'Cancel' }).click()
  await see(told).toBeVisible()
  await told.getByRole('button', { name: 'Start anew' }).click()
  const reloaded = again.waitForEvent('load')
  await question.getByRole('button', { name: 'Delete and start anew' }).click()
  await reloaded
  await see(told).toHaveCount(0)
  await seeTexts(again, ['sent before'])
  await ana.device.setOffline(true)
  await say(again, 'kept again')
  await see(mark(again, 'kept again', 'Saved on this device')).toBeVisible()
})

/** Opens a person's database as another version of the app does, and does not let go of it. */
const occupy = (page: Page, { id }: Person, version: number): Promise<void> =>
  page.evaluate(
    async ([name, wanted]) => {
      const request = indexedDB.open(name, wanted)
      request.addEventListener('upgradeneeded', ({ oldVersion }) => {
        if (oldVersion > 0) return
        request.result.createObjectStore('account', { autoIncrement: true })
        const events = request.result.createObjectStore('events')
        events.createIndex('id', 'id')
        events.createIndex('to', 'to')
        for (const store of ['ranges', 'conversations', 'snapshots']) request.result.createObjectStore(store)
        request.result.createObjectStore('profiles', { keyPath: 'id' })
      })
      await new Promise((resolve) => request.addEventListener('success', resolve))
      Object.assign(globalThis, { held: request.result })
    },
    [`parley/${id}`, version] as const,
  )

test('[C6] a window with an older version that will not let go is named, and once it is closed the app goes on by itself', async () => {
  const ana = await stage.person('Ana')
  await group(ana, 'Notes')
  const old = await beside(ana)
  await occupy(old, ana, 1)
  const page = await ana.open('/')
  await see(page.getByRole('heading', { name: 'An older Parley is open' })).toBeVisible()
  await old.close()
  await see(inboxRow(page, 'Notes')).toBeVisible()
  await see(bar(page, 'keeps nothing')).toHaveCount(0)
})

test('[C6] a newer version takes the data over: an open window says that it must be reloaded, and none writes beside it', async () => {
  const ana = await stage.person('Ana')
  const conversation = await group(ana, 'Notes')
  const page = await ana.open(`/c/${conversation}`)
  await say(page, 'sent before')
  await see(mark(page, 'sent before', 'Sent')).toBeVisible()
  const next = await beside(ana)
  await occupy(next, ana, 1000)
  const told = bar(page, 'A newer version of Parley is open in another window')
  await see(told).toBeVisible()
  await told.getByRole('button', { name: 'Reload' }).click()
  await see(page.getByRole('heading', { name: 'There is a newer Parley' })).toBeVisible()
  await see(page.getByRole('button', { name: 'Reload' })).toBeVisible()
})

/** Writes garbage over a third of what is there, past the app. */
const damage = (page: Page, { id }: Person): Promise<number> =>
  page.evaluate(async (name) => {
    const request = indexedDB.open(name)
    await new Promise((resolve) => request.addEventListener('success', resolve))
    const db = request.result
    const transaction = db.transaction([...db.objectStoreNames], 'readwrite')
    const done = new Promise((resolve) => transaction.addEventListener('complete', resolve))
    let count = 0
    const put = (store: string, key: IDBValidKey, value: unknown) => {
      count += 1
      transaction.objectStore(store).put(value, key)
    }
    const all = (store: string, use: (keys: readonly IDBValidKey[]) => void) => {
      const keys = transaction.objectStore(store).getAllKeys()
      keys.addEventListener('success', () => use(keys.result))
    }
    all('pages', (keys) => {
      const [first, second] = keys
      if (first !== undefined) put('pages', first, { from: 1, events: 'rotten', ids: [], to: [] })
      if (second !== undefined) put('pages', second, 'rotten')
    })
    all('events', (keys) => keys.slice(-3).forEach((key) => put('events', key, { id: 'rotten' })))
    all('conversations', (keys) => keys.slice(0, 1).forEach((key) => put('conversations', key, 7)))
    all('snapshots', (keys) => keys.forEach((key) => put('snapshots', key, new Uint8Array([255, 255, 3]))))
    transaction.objectStore('profiles').put({ id: 'nobody' })
    transaction.objectStore('account').add(new Uint8Array([250, 1, 99, 7]))
    transaction.objectStore('account').add('no bytes at all')
    await done
    db.close()
    return count
  }, `parley/${id}`)

test('[C6][R4] a damaged database opens all the same: what can be read is shown, what was not sent is sent, the rest comes again', async () => {
  const ana = await stage.person('Ana')
  const conversation = await longTalk(ana, 'Archive', 600)
  const page = await ana.open('/settings/storage')
  await installed(page)
  await see(page.getByText(/history complete/)).toBeVisible()
  await ana.device.setOffline(true)
  await page.goto(`/c/${conversation}`)
  await see(message(page, 'line 600')).toBeVisible()
  await say(page, 'not sent')
  await see(mark(page, 'not sent', 'Saved on this device')).toBeVisible()
  await page.close()
  await ana.device.setOffline(false)
  const raw = await beside(ana)
  expect(await damage(raw, ana)).toBeGreaterThan(4)
  await raw.close()

  const again = await ana.open(`/c/${conversation}`)
  await see(bar(again, 'A part of what you had written on this device could not be read.')).toBeVisible()
  await see(bar(again, 'keeps nothing')).toHaveCount(0)
  await see(mark(again, 'not sent', ACKNOWLEDGED)).toBeVisible()
  await see(message(again, 'line 600')).toBeVisible()
  // The page that was damaged on the disk is met on the way up, and comes from the server.
  await again.goto(`/c/${conversation}/5`)
  await see(message(again, 'line 5')).toBeVisible()
  await again.goto('/settings/storage')
  await see(again.getByText(/history complete/)).toBeVisible()
  await seeAcknowledged(await ana.open(`/c/${conversation}`), ['not sent'])
})

/** The browser says that nearly all is used: the quota that Chromium's protocol sets is not what it says to pages. */
function fillable(): void {
  if (!('StorageManager' in globalThis)) return
  const { estimate } = StorageManager.prototype
  StorageManager.prototype.estimate = async function () {
    if (localStorage.getItem('isNearlyFull') === null) return await estimate.call(this)
    return { usage: 99e6, quota: 100e6 }
  }
}

test('[C6] before the device is full the history stops, says so with numbers, and makes room when asked to', async () => {
  const ana = await stage.person('Ana')
  await longTalk(ana, 'Archive', 3000)
  await ana.device.addInitScript(fillable)
  const page = await ana.open('/settings/storage')
  await installed(page)
  await see(page.getByText(/history complete/)).toBeVisible()
  await page.getByRole('button', { name: 'Remove older messages from this device' }).click()
  const question = page.getByRole('alertdialog', { name: 'Remove older messages from this device?' })
  await see(question).toContainText(/1,\d{3} messages of 3,\d{3} are removed/)
  await question.getByRole('button', { name: 'Remove them' }).click()
  await see(question).toHaveCount(0)
  await see(page.getByText('You have removed older messages from this device.')).toBeVisible()
  await page.reload()
  await see(page.getByText('You have removed older messages from this device.')).toBeVisible()
  await see(page.getByText(/history complete/)).toHaveCount(0)

  await page.evaluate(() => {
    IDBObjectStore.prototype.delete = () => {
      throw new DOMException('the disk does not answer', 'UnknownError')
    }
  })
  await page.getByRole('button', { name: 'Load them again' }).click()
  await see(page.getByRole('alert')).toContainText('This device did not keep that they are to come back.')
  expect(await findings(page, 'main')).toEqual([])

  await page.evaluate(() => localStorage.setItem('isNearlyFull', 'yes'))
  await page.reload()
  await see(page.getByText('Only 1 MB of 100 MB are left.')).toBeVisible()
  await page.getByRole('button', { name: 'Load them again' }).click()
  const told = bar(page, 'Only 1 MB are left for Parley on this device')
  await see(told).toBeVisible()
  await see(told.getByRole('button', { name: 'Make room' })).toBeVisible()
  await see(page.getByText(/history complete/)).toHaveCount(0)
  await page.evaluate(() => localStorage.removeItem('isNearlyFull'))
  await page.reload()
  await see(page.getByText(/history complete/)).toBeVisible()
  await see(told).toHaveCount(0)
})

test('the browser is asked to keep what is here once, with the first thing that the person writes', async () => {
  const ana = await stage.person('Ana')
  const conversation = await group(ana, 'Notes')
  await ana.device.addInitScript(() => {
    // Pages that are no page of a server have none.
    if (!('StorageManager' in globalThis)) return
    StorageManager.prototype.persist = async () => {
      localStorage.setItem('asked', `${localStorage.getItem('asked') ?? ''}x`)
      return false
    }
  })
  const asked = (page: Page) => page.evaluate(() => localStorage.getItem('asked'))
  const page = await ana.open(`/c/${conversation}`)
  await see(message(page, 'created')).toHaveCount(0)
  expect(await asked(page)).toBeNull()
  await say(page, 'first')
  await see(mark(page, 'first', 'Sent')).toBeVisible()
  expect(await asked(page)).toBe('x')
  await page.reload()
  await say(page, 'second')
  await see(mark(page, 'second', 'Sent')).toBeVisible()
  expect(await asked(page)).toBe('x')
  await page.goto('/settings/storage')
  // It comes above the settings and moves them: nobody presses a button while it does.
  await see(bar(page, 'Be told when somebody answers?')).toBeVisible()
  await page.getByRole('button', { name: 'Ask it to keep it' }).click()
  await see(page.getByText('The browser has said no.')).toBeVisible()
  expect(await asked(page)).toBe('xx')
})
