import { fileURLToPath } from 'node:url'
import type { Account, ConversationView, FatedCommand, Given, MessageItem } from '@parley/client'
import type { CommandId, ConversationId } from '@parley/protocol'
import type { JSHandle, Page } from 'playwright'
import { build } from 'vite'
import type { Person } from './browser.ts'
import type { DriverPage } from './driver-page.ts'
import { see } from './screen.ts'

const ENTRY = fileURLToPath(new URL('driver-page.ts', import.meta.url))

/** A file of the app without scripts, which its service worker has: a page of the app's origin, also offline. */
const BLANK = '/manifest.webmanifest'

/** Given commands as they come out of a page: without what cannot leave it. */
export interface Done {
  readonly id: CommandId
  /** It is on the browser's disk. */
  readonly saved: boolean
}

/**
 * One more tab of a person, without screens: the client as the app opens it, on the browser's own IndexedDB, locks,
 * channel and network. What the screens do not offer yet is done and looked at here.
 */
export interface Driver {
  readonly page: Page
  /** Runs in the page, so it sees its parameters and nothing else. Waits for what is promised. */
  run<T, A>(work: (account: Account, argument: A) => T | Promise<T>, argument: A): Promise<T>
  run<T>(work: (account: Account) => T | Promise<T>): Promise<T>
  /** The same for what gives a command; answers when the disk has. */
  give<A>(work: (account: Account, argument: A) => Given, argument: A): Promise<Done>
  view(conversation: ConversationId): Promise<ConversationView | undefined>
  /** All messages of a conversation, from the oldest, what waits included. */
  messages(conversation: ConversationId): Promise<readonly MessageItem[]>
  commands(): Promise<readonly FatedCommand[]>
  /** Until the server has answered all that was done, and no word of it is on its way. */
  answered(): Promise<void>
  close(): Promise<void>
}

let bundle: Promise<string> | undefined

/** Made once a run: the sources are not the ones of the app's own build, but those of this very moment. */
async function makeBundle(): Promise<string> {
  const made = await build({
    configFile: false,
    logLevel: 'warn',
    publicDir: false,
    build: {
      write: false,
      minify: false,
      chunkSizeWarningLimit: 10_000,
      target: 'es2024',
      rolldownOptions: { input: ENTRY, output: { format: 'iife' } },
    },
  })
  if (!('output' in made)) throw new Error('the driver is one file')
  return made.output[0].code
}

/** Opens the tab; `page` is one of the app's origin, left out a blank one. */
export async function drive({ device }: Pick<Person, 'device'>, at?: Page): Promise<Driver> {
  bundle ??= makeBundle()
  const page = at ?? (await device.newPage())
  if (at === undefined) await page.goto(BLANK)
  // Through the browser's debugging port: the page's own policy lets no such script in.
  await page.evaluate(() => Object.assign(globalThis, { __zod_globalConfig: { jitless: true } }))
  await page.evaluate(await bundle)
  const account: JSHandle<Account> = await page.evaluateHandle(async () => {
    const client = await (globalThis as DriverPage).parleyDriver
    const session = client?.session.get()
    if (session === undefined || session.state === 'signed-out') throw new Error('nobody is signed in here')
    return session.account
  })
  const run: Driver['run'] = <T, A>(work: (account: Account, argument: A) => T | Promise<T>, argument?: A) =>
    account.evaluate(work as (account: Account, argument: unknown) => T, argument)
  const driver: Driver = {
    page,
    run,
    give: async (work, argument) => {
      const given = await account.evaluateHandle(
        work as (account: Account, argument: unknown) => Given,
        argument,
      )
      return await given.evaluate(async ({ id, saved }) => ({ id, saved: (await saved).saved }))
    },
    view: (conversation) => run((each, id) => each.conversation(id).get(), conversation),
    messages: (conversation) =>
      run(async (each, id) => {
        const timeline = each.timeline(id)
        const end = timeline.subscribe(() => undefined)
        await timeline.latest()
        const { items } = timeline.get()
        end()
        return items.filter((item) => item.kind === 'message')
      }, conversation),
    commands: () => run((each) => each.commands.get()),
    answered: async () => {
      const waiting = () =>
        run((each) =>
          each.commands
            .get()
            .filter(({ fate }) => fate.state !== 'refused')
            .map(({ command }) => command),
        )
      await see.poll(waiting).toEqual([])
    },
    close: () => page.close(),
  }
  return driver
}
