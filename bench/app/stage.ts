import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { newId, rest } from '@parley/protocol'
import pg from 'pg'
import { type BrowserContext, type CDPSession, chromium, type Page } from 'playwright'
import { buildWebIfStale } from '../../scripts/web-build.ts'
import { CHROMIUM_ARGS, findChromium } from '../../test/kit/chromium.ts'
import { installed } from '../../test/kit/screen.ts'
import { startParley } from '../contestants/parley.ts'
import { Postgres } from '../postgres.ts'
import { saySpells } from '../seed.ts'
import type { Group, Person } from '../world.ts'
import { chatter } from './chatter.ts'
import { installProbe } from './probe.ts'

const NAMES = [
  'Ana Lopes',
  'Ben Okafor',
  'Cleo Marchetti',
  'Dana Weiss',
  'Elif Kaya',
  'Farid Haddad',
] as const
const PASSWORD = 'four words are enough'

/** What is new in each conversation. */
const UNREAD = 3

export interface Sizes {
  /** Events of each conversation; of the first two the measures are taken. */
  readonly long: number
  readonly short: number
  readonly others: number
  readonly eachOther: number
}

/** The app as it is shipped, in a Chromium whose device holds everything already. */
export interface AppStage {
  readonly postgresVersion: string
  readonly conversations: {
    readonly long: string
    readonly short: string
    readonly others: readonly string[]
  }
  readonly events: number
  /** A new tab at this address of the app; `slowed` is how many times slower its CPU is made. */
  open(path: string, slowed: number): Promise<{ readonly page: Page; readonly debug: CDPSession }>
  setOffline(isOffline: boolean): Promise<void>
  end(): Promise<void>
}

export async function startAppStage(sizes: Sizes, say: (line: string) => void): Promise<AppStage> {
  await buildWebIfStale()
  const postgres = await Postgres.start()
  const ends: (() => Promise<unknown>)[] = [() => postgres.stop()]
  const end = async (): Promise<void> => {
    for (const each of ends.toReversed()) await each()
  }
  try {
    const database = await postgres.newDatabase()
    const server = await startParley(database)
    ends.push(() => server.stop())
    const profile = await mkdtemp(join(tmpdir(), 'parley-bench-app-'))
    ends.push(() => rm(profile, { recursive: true, force: true }))
    const executablePath = findChromium()
    const context = await chromium.launchPersistentContext(profile, {
      ...(executablePath !== undefined && { executablePath }),
      args: CHROMIUM_ARGS,
      baseURL: server.url,
      viewport: { width: 1280, height: 800 },
      locale: 'en-GB',
    })
    ends.push(() => context.close())
    await context.addInitScript(installProbe)
    const members = await signUpAll(context, server.url)
    const groups = newGroups(members, 2 + sizes.others)
    await server.settle({ groups })
    const lengths = [sizes.long, sizes.short, ...groups.slice(2).map(() => sizes.eachOther)]
    const events = await fill(database, groups, lengths)
    say(`filling the device with ${events.toLocaleString('en')} events`)
    await fillDevice(context)
    const [long = '', short = '', ...others] = groups.map(({ id }) => id)
    return {
      postgresVersion: postgres.version,
      conversations: { long, short, others },
      events,
      open: async (path, slowed) => {
        const page = await context.newPage()
        const debug = await context.newCDPSession(page)
        await debug.send('Emulation.setCPUThrottlingRate', { rate: slowed })
        await page.goto(path)
        return { page, debug }
      },
      setOffline: (isOffline) => context.setOffline(isOffline),
      end,
    }
  } catch (error) {
    await end()
    throw error
  }
}

/** The first of them is the one whose browser it is. */
async function signUpAll({ request }: BrowserContext, origin: string): Promise<readonly Person[]> {
  const people: Person[] = []
  // In turn and oneself last: the cookie that stays is the last one's.
  for (const name of NAMES.toReversed()) {
    const username = name.toLowerCase().replace(' ', '.')
    const answer = await request.post('/api/users', {
      headers: { Origin: origin },
      data: {
        email: `${username}@example.org`,
        username,
        name,
        password: PASSWORD,
      } satisfies rest.CreateUser,
    })
    const { id } = rest.me.parse(await answer.json())
    people.unshift({ id, token: newId() })
  }
  return people
}

const newGroups = (members: readonly Person[], count: number): readonly Group[] =>
  Array.from({ length: count }, () => ({ id: newId(), members, senders: [0] }))

async function fill(database: string, groups: readonly Group[], lengths: readonly number[]): Promise<number> {
  const client = new pg.Client(database)
  // Of a server that is stopped meanwhile the next query tells.
  client.on('error', () => undefined)
  await client.connect()
  try {
    let events = 0
    for (const [index, group] of groups.entries()) {
      const spells = chatter(group, lengths[index] ?? 0, Date.now() - index * 60_000)
      events += await saySpells(client, group, spells.length, (n) => spells[n] ?? { at: 0, drafts: [] })
    }
    // As somebody has it who was here yesterday: each conversation opens near its end.
    await client.query(
      'UPDATE participants p SET read_seq = greatest(c.last_seq - $1, 0) FROM conversations c WHERE c.id = p.conversation',
      [UNREAD],
    )
    return events
  } finally {
    await client.end()
  }
}

const MINUTES = 60_000

/** Until the device has everything and can search it: from then on it does nothing by itself. */
async function fillDevice(context: BrowserContext): Promise<void> {
  const page = await context.newPage()
  await page.goto('/settings/storage')
  await page.getByText(/history complete/).waitFor({ timeout: 10 * MINUTES })
  await installed(page)
  await page.keyboard.press('Control+k')
  await page.getByRole('dialog').getByRole('combobox').fill('harbour')
  await page.getByText(/^Searched on this device: all/).waitFor({ timeout: 10 * MINUTES })
  await page.close()
}
