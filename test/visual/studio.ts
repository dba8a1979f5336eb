import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { rest } from '@parley/protocol'
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Page,
  type Request,
} from 'playwright'
import { CHROMIUM_ARGS, findChromium } from '../kit/chromium.ts'
import { NOW, PASSWORD, PEOPLE, type Who } from './world/people.ts'
import type { ServedWorld } from './world/serve.ts'

/** In which ways every screen is looked at. */
export const LOOKS = ['light', 'dark', 'phone', 'rtl'] as const
export type Look = (typeof LOOKS)[number]

const WIDE = { width: 1280, height: 800 }
const DEVICES: Readonly<Record<Look, BrowserContextOptions>> = {
  light: { viewport: WIDE, colorScheme: 'light' },
  dark: { viewport: WIDE, colorScheme: 'dark' },
  phone: { viewport: { width: 390, height: 844 }, colorScheme: 'light', hasTouch: true, isMobile: true },
  rtl: { viewport: WIDE, colorScheme: 'light' },
}

/** Letters, colours and edges come out the same on every machine. */
const SAME_EVERYWHERE = ['--font-render-hinting=none', '--disable-lcd-text', '--force-color-profile=srgb']

export async function openBrowser(): Promise<Browser> {
  const executablePath = findChromium()
  if (executablePath === undefined) throw new Error('there is no Chromium: install it or set CHROMIUM_PATH')
  return chromium.launch({ executablePath, args: [...CHROMIUM_ARGS, ...SAME_EVERYWHERE] })
}

/** What a shot has in hand. */
export interface Scene {
  readonly page: Page
  readonly look: Look
  readonly world: ServedWorld
  /** Where the app is; not the server's own address where something stands in between. */
  readonly url: string
  /** The address of a conversation: `/c/…`. */
  readonly path: (conversation: string) => string
}

export interface Shot {
  readonly name: string
  /** Who is signed in; left out: Ana. `nobody` is at the door. */
  readonly who?: Who | 'nobody'
  /** Where it begins; left out: `/`. */
  readonly at?: string | ((scene: Pick<Scene, 'path'>) => string)
  /** A device that has never been here, for what would stay behind otherwise. */
  readonly isFresh?: boolean
  /** Before the page is opened. */
  readonly before?: (scene: Scene) => Promise<unknown>
  /** What a person does until it is there; the picture is taken when nothing moves any more. */
  readonly act?: (scene: Scene) => Promise<unknown>
  /** Puts right what others would see. */
  readonly after?: (scene: Scene) => Promise<unknown>
  readonly looks?: readonly Look[]
}

/** Whether a picture is the one; it is taken again until it is, or for as long as anybody would wait. */
export type IsRight = (picture: Buffer) => Promise<boolean>

/** Everything that pictures of one look are taken with. */
export interface Studio {
  /** Left out, it is right when nothing has moved since the one before. */
  take(shot: Shot, isRight?: IsRight): Promise<Buffer>
  close(): Promise<void>
}

export function openStudio(browser: Browser, world: ServedWorld, look: Look, scale = 1): Studio {
  const cookies = new Map<Who, Promise<Cookies>>()
  const kept = new Map<string, Promise<BrowserContext>>()
  const path = (name: string): string => `/c/${world.conversation(name)}`

  const device = async (who: Who | 'nobody'): Promise<BrowserContext> => {
    const context = await browser.newContext({
      ...DEVICES[look],
      baseURL: world.url,
      deviceScaleFactor: scale,
      locale: 'en-GB',
      timezoneId: 'UTC',
      reducedMotion: 'reduce',
    })
    context.setDefaultTimeout(PATIENCE_MILLIS)
    await context.clock.setFixedTime(NOW)
    await context.addInitScript(settle, look === 'rtl' ? 'ar' : undefined)
    if (who !== 'nobody') {
      const found = cookies.get(who) ?? signIn(context, world.url, who)
      cookies.set(who, found)
      await context.addCookies(await found)
    }
    return context
  }

  return {
    async take(shot, isRight) {
      const { who = 'ana', isFresh = who === 'nobody', at = '/' } = shot
      if (!isFresh && !kept.has(who)) kept.set(who, device(who))
      const context = await ((isFresh ? undefined : kept.get(who)) ?? device(who))
      const page = await context.newPage()
      const coming = partsComing(page)
      const scene: Scene = { page, look, world, url: world.url, path }
      try {
        await shot.before?.(scene)
        await page.goto(typeof at === 'string' ? at : at(scene))
        await shot.act?.(scene)
        return await still(page, coming, isRight)
      } finally {
        // What waits on a device without a network is not sent after all.
        await (isFresh ? context.close() : page.close())
        await shot.after?.(scene)
      }
    },
    async close() {
      await Promise.all([...kept.values()].map(async (context) => (await context).close()))
    },
  }
}

/** Before anything of the app runs: the language, what was answered long ago, and what the browser says of its disk. */
function settle(language: string | undefined): void {
  if ('StorageManager' in globalThis)
    StorageManager.prototype.estimate = () => Promise.resolve({ usage: 5.2e6, quota: 40e9 })
  try {
    if (language !== undefined) localStorage.setItem('parley.language', language)
    localStorage.setItem('parley.told', 'not-now')
  } catch {
    // A device that keeps nothing speaks the browser's language.
  }
}

type Cookies = Parameters<BrowserContext['addCookies']>[0]

async function signIn(context: BrowserContext, origin: string, who: Who): Promise<Cookies> {
  const data = { login: PEOPLE[who].username, password: PASSWORD }
  const answer = await context.request.post('/api/sessions', { data, headers: { Origin: origin } })
  rest.me.parse(await answer.json())
  return context.cookies()
}

const PATIENCE_MILLIS = 20_000

/** What a page is made of; not what it is told, which may be on its way for as long as it is open. */
const PARTS = new Set(['script', 'stylesheet', 'font', 'image'])

/** The parts of a page that it has asked for and that are not there yet. */
function partsComing(page: Page): ReadonlySet<Request> {
  const coming = new Set<Request>()
  page.on('request', (request) => PARTS.has(request.resourceType()) && coming.add(request))
  page.on('requestfinished', (request) => coming.delete(request))
  page.on('requestfailed', (request) => coming.delete(request))
  return coming
}

/**
 * Waits for the page's fonts, images and movements, and for two frames more; answers whether nothing of it has
 * changed meanwhile. What never ends by itself stands still in a picture anyway.
 */
async function quiet(): Promise<boolean> {
  let hasChanged = false
  const observer = new MutationObserver(() => {
    hasChanged = true
  })
  observer.observe(document, { subtree: true, childList: true, characterData: true, attributes: true })
  const moving = document
    .getAnimations()
    .filter(
      ({ playState, effect }) =>
        playState === 'running' && Number.isFinite(Number(effect?.getComputedTiming().endTime)),
    )
  await Promise.all([
    document.fonts.ready,
    ...[...document.images].map((image) => image.decode().catch(() => undefined)),
    ...moving.map(({ finished }) => finished.catch(() => undefined)),
  ])
  for (let frames = 0; frames < 2; frames += 1) await new Promise((resolve) => requestAnimationFrame(resolve))
  observer.disconnect()
  return !hasChanged
}

/** The picture, once all parts of the page are there and nothing moves any more. */
async function still(
  page: Page,
  coming: ReadonlySet<Request>,
  isRight: IsRight | undefined,
): Promise<Buffer> {
  const deadline = performance.now() + PATIENCE_MILLIS
  let last: Buffer | undefined
  do {
    const isQuiet = await page.evaluate(quiet)
    const next = await page.screenshot({ animations: 'disabled', caret: 'hide' })
    const isStill = isQuiet && coming.size === 0 && last?.equals(next) === true
    last = next
    if (isRight === undefined ? isStill : await isRight(next)) return next
  } while (performance.now() < deadline)
  // What is not the right one is for the caller to look at.
  if (isRight === undefined) throw new Error('it does not come to rest')
  return last
}

/** Writes a picture as `<folder>/<look>/<name>.png`; answers where that is. */
export async function keep(folder: string, look: Look, name: string, picture: Buffer): Promise<string> {
  const file = join(folder, look, `${name}.png`)
  await mkdir(join(folder, look), { recursive: true })
  await writeFile(file, picture)
  return file
}
