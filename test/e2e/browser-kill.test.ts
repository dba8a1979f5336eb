import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { rest } from '@parley/protocol'
import { type BrowserContext, chromium } from 'playwright'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { CHROMIUM_ARGS, findChromium } from '../kit/chromium.ts'
import { drive } from '../kit/driver.ts'
import { type Random, random } from '../kit/random.ts'
import { installed } from '../kit/screen.ts'
import { type ServerProcess, startServerProcess } from '../kit/server-process.ts'

/** How often the browser is killed; more, when asked for. */
const KILLS = Number(process.env['BROWSER_KILLS'] ?? 3)
const SEED = Number(process.env['SEED'] ?? 1)

let server: ServerProcess
let profile: string
beforeAll(async () => {
  ;[server, profile] = await Promise.all([
    startServerProcess(),
    mkdtemp(join(tmpdir(), 'parley-test-profile-')),
  ])
})
afterAll(async () => {
  await server.dispose()
  await rm(profile, { recursive: true, force: true, maxRetries: 5 })
})

/** A browser with a profile on the disk, and the number of its first process. */
async function launch(): Promise<{ device: BrowserContext; pid: number }> {
  const executablePath = findChromium()
  const device = await chromium.launchPersistentContext(profile, {
    ...(executablePath !== undefined && { executablePath }),
    args: CHROMIUM_ARGS,
    baseURL: server.url,
  })
  const devtools = await device.browser()?.newBrowserCDPSession()
  if (devtools === undefined) throw new Error('a persistent context has a browser')
  const { processInfo } = await devtools.send('SystemInfo.getProcessInfo')
  const pid = processInfo.find(({ type }) => type === 'browser')?.id
  if (pid === undefined) throw new Error('a browser has a process')
  return { device, pid }
}

/** All of it ends at once, as when the machine loses it: nobody has a last word. */
async function kill(device: BrowserContext, pid: number): Promise<void> {
  const closed = new Promise((resolve) => device.once('close', resolve))
  process.kill(pid, 'SIGKILL')
  await closed
}

const anyMoment = (rng: Random): Promise<void> => new Promise((resolve) => setTimeout(resolve, rng.below(20)))

test(
  `[C1][C6] a browser that is killed at any moment loses nothing that it called saved and says nothing twice, ${KILLS} times`,
  { timeout: 60_000 + KILLS * 30_000 },
  async () => {
    const rng = random(SEED)
    let { device, pid } = await launch()
    const ask = async (method: string, path: string, data?: unknown): Promise<unknown> => {
      const answer = await device.request.fetch(path, { method, data, headers: { Origin: server.url } })
      if (!answer.ok()) throw new Error(`${method} ${path} answered ${answer.status()}`)
      return await answer.json()
    }
    await ask('POST', '/api/users', {
      email: 'ana@example.org',
      username: 'ana',
      name: 'Ana',
      password: 'Ana has a secret',
    })
    const { id } = rest.conversationSummary.parse(
      await ask('POST', '/api/conversations', { kind: 'group', title: 'Brittle' }),
    )
    const logged = async (): Promise<readonly string[]> => {
      const page = rest.eventPage.parse(
        await ask('GET', `/api/conversations/${id}/events?after=0&limit=1000`),
      )
      return page.events.flatMap((event) => (event.type === 'message' ? [event.text] : []))
    }
    const first = await device.newPage()
    await first.goto(`/c/${id}`)
    await installed(first)
    // Browsers keep cookies for half a minute before they write them: whoever signed in just now would be signed out.
    await device.close()
    ;({ device, pid } = await launch())

    const saved: string[] = []
    const given: string[] = []
    for (let round = 1; round <= KILLS; round += 1) {
      const driver = await drive({ device })
      const { promise: someAreSaved, resolve } = Promise.withResolvers<void>()
      const enough = saved.length + 1 + rng.below(15)
      await driver.page.exposeFunction('keptHere', (text: string) => {
        if (saved.push(text) >= enough) resolve()
      })
      const isOffline = rng.chance(0.5)
      await device.setOffline(isOffline)
      // One after the other, without waiting: some are on the disk when it ends, some on the way, some not begun.
      const talking = driver
        .run(
          async (account, { conversation, round: now }) => {
            const { keptHere } = globalThis as unknown as { keptHere: (text: string) => Promise<void> }
            for (let count = 1; count <= 200; count += 1) {
              const text = `round ${now}, word ${count}`
              const given = account.send(conversation, { text })
              void given.saved.then(async (answer) => {
                if (answer.saved) await keptHere(text)
              })
              await new Promise((resolve) => setTimeout(resolve, 1))
            }
          },
          { conversation: id, round },
        )
        .catch(() => 'the browser was gone before all was said')
      for (let count = 1; count <= 200; count += 1) given.push(`round ${round}, word ${count}`)
      // Counted in what happens, not in time; then any moment, so that it is not always just after a word was kept.
      await someAreSaved
      await anyMoment(rng)
      await kill(device, pid)
      await talking
      ;({ device, pid } = await launch())
      const again = await drive({ device })
      await again.answered()
      const log = await logged()
      expect(saved.filter((text) => !log.includes(text))).toEqual([])
      expect(new Set(log).size).toBe(log.length)
      expect(log).toEqual(given.filter((text) => log.includes(text)))
      await again.close()
    }
    const log = await logged()
    await device.close()
    process.stderr.write(
      `${KILLS} browsers died: ${saved.length} words had been called saved, ${log.length} were said\n`,
    )
    expect(saved.length).toBeGreaterThan(0)
  },
)
