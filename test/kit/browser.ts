import { rest, type UserId } from '@parley/protocol'
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Page,
} from 'playwright'
import { afterAll, afterEach, beforeAll, expect } from 'vitest'
import type { z } from 'zod'
import { CHROMIUM_ARGS, findChromium } from './chromium.ts'
import { type Front, startFront } from './front.ts'
import { type ServerProcess, startServerProcess } from './server-process.ts'

/** Somebody with an account, signed in on one device: a browser profile of its own. */
export interface Person {
  readonly id: UserId
  readonly name: string
  readonly username: string
  readonly password: string
  readonly device: BrowserContext
  /** A new tab on the device. */
  open(path?: string): Promise<Page>
  /** Asks the server as this person does, past the screen. */
  ask<S extends z.ZodType>(method: string, path: string, schema: S, body?: unknown): Promise<z.infer<S>>
}

export interface Stage {
  readonly server: ServerProcess
  /** Through which all devices reach the server, where the file asked for one. */
  readonly front: Front
  /** A browser that has never been here. */
  device(): Promise<BrowserContext>
  person(name: string): Promise<Person>
  /** The same person on one more device. */
  again(person: Person): Promise<Person>
}

/** Tall, so that thirty messages are in sight: the timeline draws no more than that. */
const DEVICE: BrowserContextOptions = {
  viewport: { width: 1280, height: 1800 },
  locale: 'en-GB',
  reducedMotion: 'reduce',
}

/**
 * One Chromium and one server process for the tests of a file; each test brings its own people. A page
 * that throws, breaks its security policy or asks another host for anything fails the test it is in.
 */
export function useStage({ isBehindFront = false }: { readonly isBehindFront?: boolean } = {}): Stage {
  let browser: Browser | undefined
  let server: ServerProcess | undefined
  let front: Front | undefined
  let faults: string[] = []
  const devices: BrowserContext[] = []
  let count = 0

  beforeAll(async () => {
    const executablePath = findChromium()
    ;[browser, server] = await Promise.all([
      chromium.launch({ ...(executablePath !== undefined && { executablePath }), args: CHROMIUM_ARGS }),
      startServerProcess(),
    ])
    if (isBehindFront) front = await startFront(server.url)
  })
  afterAll(async () => {
    await browser?.close()
    await front?.close()
    await server?.dispose()
  })
  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') await tell(devices)
    await Promise.all(devices.splice(0).map((device) => device.close()))
    const found = faults
    faults = []
    expect(found).toEqual([])
  })

  const get = <T>(value: T | undefined): T => {
    if (value === undefined) throw new Error('the stage is there from beforeAll on')
    return value
  }
  const address = (): string => front?.url ?? get(server).url
  const device = async (): Promise<BrowserContext> => {
    const url = address()
    const opened = await get(browser).newContext({ ...DEVICE, baseURL: url })
    devices.push(opened)
    await watch(opened, url, (fault) => faults.push(fault))
    return opened
  }
  const signedIn = (me: rest.Me, password: string, on: BrowserContext): Person => ({
    id: me.id,
    name: me.name,
    username: me.username,
    password,
    device: on,
    open: async (path = '/') => {
      const page = await on.newPage()
      await page.goto(path)
      return page
    },
    ask: (method, path, schema, body) => ask(on, address(), method, path, schema, body),
  })
  return {
    get server() {
      return get(server)
    },
    get front() {
      return get(front)
    },
    device,
    person: async (name) => {
      count += 1
      const on = await device()
      const password = `${name} has a secret`
      const username = `${name.toLowerCase()}${count}`
      const account = { email: `${username}@example.org`, username, name, password }
      return signedIn(await ask(on, address(), 'POST', '/api/users', rest.me, account), password, on)
    },
    again: async ({ username, password }) => {
      const on = await device()
      const login = { login: username, password }
      return signedIn(await ask(on, address(), 'POST', '/api/sessions', rest.me, login), password, on)
    },
  }
}

async function ask<S extends z.ZodType>(
  on: BrowserContext,
  origin: string,
  method: string,
  path: string,
  schema: S,
  data?: unknown,
): Promise<z.infer<S>> {
  // A connection that was idle may be closed just as it is used again: asking twice for what is only read does no harm.
  const maxRetries = method === 'GET' ? 2 : 0
  const answer = await on.request.fetch(path, { method, data, headers: { Origin: origin }, maxRetries })
  const text = await answer.text()
  if (!answer.ok()) throw new Error(`${method} ${path} answered ${answer.status()}: ${text}`)
  return schema.parse(text === '' ? undefined : JSON.parse(text))
}

/** What stood on the screens when a test failed. */
async function tell(devices: readonly BrowserContext[]): Promise<void> {
  for (const page of devices.flatMap((device) => device.pages())) {
    process.stderr.write(`\n──── ${page.url()}\n${await page.locator('body').ariaSnapshot()}\n`)
  }
}

/** Hears of everything that no page of ours may ever do. */
async function watch(device: BrowserContext, origin: string, heard: (fault: string) => void): Promise<void> {
  await device.exposeBinding('policyViolated', (_, what: string) => heard(`against the policy: ${what}`))
  await device.addInitScript(() => {
    addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => {
      const { policyViolated } = globalThis as unknown as { policyViolated: (what: string) => void }
      policyViolated(`${violatedDirective} ${blockedURI}`)
    })
  })
  device.on('weberror', (error) => heard(`thrown: ${error.error().stack ?? error.error().message}`))
  device.on('console', (message) => {
    if (message.type() === 'error' && message.text().includes('Content Security Policy'))
      heard(message.text())
  })
  device.on('request', (request) => {
    const { protocol, host } = new URL(request.url())
    if (/^(http|ws)s?:$/.test(protocol) && host !== new URL(origin).host) heard(`asked for: ${request.url()}`)
  })
}

/** The process behind a page ends in the middle of whatever it does. */
export async function crash(page: Page): Promise<void> {
  const devtools = await page.context().newCDPSession(page)
  const crashed = new Promise((resolve) => page.once('crash', resolve))
  // The answer to it never comes.
  devtools.send('Page.crash').catch(() => undefined)
  await crashed
}
