import type { CommandId } from '@parley/protocol'
import type pg from 'pg'
import { addAccounts, type TestAccount } from '../../kit/accounts.ts'
import { befriend } from '../../kit/people.ts'
import type { GivenThere, Look } from './act.ts'
import { differences, type Told } from './compare.ts'
import { readServer } from './server.ts'
import type { Story } from './story.ts'
import type { DeviceThread } from './thread.ts'

export interface Stage {
  readonly url: string
  readonly pool: pg.Pool
  /** As many as there may be devices. */
  readonly threads: readonly DeviceThread[]
}

/** What a story came to: a run that did nothing shows nothing. */
export interface Outcome {
  /** Empty when everybody sees the same, and that is what the server says. */
  readonly wrong: readonly string[]
  readonly given: number
  readonly refused: number
  readonly looks: number
}

const SETTLE_MILLIS = 60_000
let runs = 0

/** Plays a story on real clients against a real server, then puts all online and compares what they show. */
export async function tell({ url, pool, threads }: Stage, { devices, steps }: Story): Promise<Outcome> {
  runs += 1
  const people = await addAccounts(
    pool,
    ['Ana', 'Ben', 'Cem'].map((name) => `${name}${runs}`),
  )
  const [ana, ben, cem] = people as [TestAccount, TestAccount, TestAccount]
  for (const [a, b] of [
    [ana, ben],
    [ana, cem],
    [ben, cem],
  ] as const)
    await befriend(pool, a.id, b.id)
  const group = { kind: 'group', title: 'Base', members: [ben.id, cem.id] }
  const founded = await fetch(`${url}/api/conversations`, {
    method: 'POST',
    headers: { authorization: `Bearer ${ana.token}`, 'content-type': 'application/json' },
    body: JSON.stringify(group),
  })
  if (!founded.ok) throw new Error(`the first group was answered with ${founded.status}`)

  const used = devices.map(({ person, years }, index) => {
    const thread = threads[index]
    if (thread === undefined) throw new Error(`no thread for device ${index}`)
    return {
      thread,
      account: people[person] as TestAccount,
      years,
      given: [] as GivenThere[],
      retried: false,
    }
  })
  try {
    await Promise.all(
      used.map(({ thread, account: { id, token }, years }) =>
        thread.open({
          url,
          token,
          me: id,
          others: people.map((each) => each.id).filter((each) => each !== id),
          years,
        }),
      ),
    )
    const discarded = { isAny: false }
    for (const [index, { device, what }] of steps.entries()) {
      const at = used[device % used.length]
      if (at === undefined) continue
      at.given.push(...(await at.thread.act({ ...what, name: `${device % used.length} says ${index}` })))
      if (what.act === 'retry') for (const each of used) each.retried ||= each.account.id === at.account.id
      if (what.act === 'discard') discarded.isAny = true
    }
    for (const { thread } of used) await thread.act({ act: 'network', isOnline: true, name: '' })
    const told = (): Promise<Told> => lookAround(url, used, discarded.isAny)
    let last = await told()
    let wrong = differences(last)
    const end = performance.now() + SETTLE_MILLIS
    while (wrong.length > 0 && performance.now() < end) {
      await new Promise((resolve) => setTimeout(resolve, 50))
      last = await told()
      wrong = differences(last)
    }
    const looks = last.devices.map(({ look }) => look)
    return {
      wrong,
      given: used.reduce((sum, { given }) => sum + given.length, 0),
      refused: new Set(looks.flatMap(({ refused }): readonly CommandId[] => refused)).size,
      looks: looks.reduce((sum, each: Look) => sum + each.looks, 0),
    }
  } finally {
    await Promise.all(used.map(({ thread }) => thread.close()))
  }
}

type Used = {
  readonly thread: DeviceThread
  readonly account: TestAccount
  readonly given: readonly GivenThere[]
  readonly retried: boolean
}

async function lookAround(url: string, used: readonly Used[], mayBeDiscarded: boolean): Promise<Told> {
  const devices = await Promise.all(
    used.map(async ({ thread, account, given, retried }, index) => ({
      name: `device ${index} of ${account.name}`,
      person: account.id,
      look: await thread.look(),
      given,
      retried,
    })),
  )
  const people = new Map(used.map(({ account }) => [account.id, account]))
  const servers = await Promise.all([...people.values()].map((account) => readServer(url, account)))
  return { devices, servers, mayBeDiscarded }
}
