import {
  accountRoots,
  can,
  conversationDocument,
  conversationRoots,
  newId,
  type PresenceSeen,
  rest,
  whyNot,
} from '@parley/protocol'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Answer } from '../kit/api.ts'
import { useDatabase } from '../kit/database.ts'
import { type Actor, type Doors, openDoors } from '../kit/doors.ts'
import { begin } from '../kit/tus.ts'
import { DIRECT, STANDINGS, standingsIn } from '../walk/cast.ts'
import { SETTINGS, type Standing } from '../walk/places.ts'
import { type Readable, readablePlaces, WAYS } from '../walk/reading.ts'

/**
 * The first row of the permission table: reading, being present and marking as read, by everybody, in
 * every setting, by REST, by the document and by the account. It is for members as `can` says, and
 * everybody else is told what they would be told of nothing.
 */
const database = useDatabase()
let doors: Doors
let places: readonly Readable[]

beforeAll(async () => {
  doors = await openDoors({
    pool: database.pool,
    databaseUrl: database.url,
    limits: { pendingUploads: 1000 },
  })
  places = await readablePlaces(doors, database.pool)
}, 120_000)
afterAll(() => doors.close())

const CELLS: [string, readonly Standing[]][] = [
  ...SETTINGS.map(({ name }): [string, readonly Standing[]] => [name, STANDINGS]),
  ...DIRECT.map((name): [string, readonly Standing[]] => [name, standingsIn(name)]),
]
const mayRead = ({ place }: Readable, { id }: Actor): boolean =>
  place.governed !== undefined && can(id, { do: 'read' }, place.governed)

/** Everybody at every place, with whoever has nothing to do with some of them left out there. */
const everybody = (): { readable: Readable; standing: string; actor: Actor }[] =>
  places.flatMap((readable) =>
    [...readable.actors].map(([standing, actor]) => ({ readable, standing, actor })),
  )

const visible = ({ status, body, headers }: Answer): unknown => [
  status,
  body,
  [...headers].filter(([name]) => name !== 'date'),
]

describe.each(CELLS)('%s', (name, standings) => {
  test.each(standings)('[S2] %s reads by REST what can() says, or learns nothing', async (standing) => {
    const readable = places.find(({ place }) => place.setting.name === name)
    const actor = readable?.actors.get(standing)
    if (readable === undefined || actor === undefined) throw new Error('nobody is there')
    const isAllowed = mayRead(readable, actor)
    for (const { ask, status, name: way } of WAYS) {
      const answer = await ask(actor, readable.place, readable.file)
      if (isAllowed) expect([way, answer.status]).toEqual([way, status])
      else {
        const nothing = await ask(actor, { conversation: newId(), message: newId() }, newId())
        expect([way, visible(answer)]).toEqual([way, visible(nothing)])
        expect([way, answer.status >= 400]).toEqual([way, true])
      }
    }
  })
})

test('[S2] an upload begins where can() lets somebody attach, and is refused with why not', async () => {
  for (const { readable, standing, actor } of everybody()) {
    const { conversation, governed, setting } = readable.place
    const refusal = governed === undefined ? 'forbidden' : whyNot(actor.id, { do: 'attach' }, governed)
    const answer = await begin(actor, { conversation }, 4)
    const told = answer.status === 201 ? undefined : answer.error.code
    expect([setting.name, standing, told]).toEqual([setting.name, standing, refusal])
    if (governed?.members.has(actor.id) === true) continue
    expect(visible(answer)).toEqual(visible(await begin(actor, { conversation: newId() }, 4)))
  }
})

test('[S2] what somebody is given to list, to find and to search is of what they may read', async () => {
  const own = Map.groupBy(everybody(), ({ actor }) => actor)
  for (const [actor, at] of own) {
    const expected = at
      .filter(({ readable }) => mayRead(readable, actor))
      .map(({ readable }) => readable.place.conversation)
    const listed = (await actor.ask('GET', '/api/conversations?limit=200')).as(rest.conversationList)
    expect(listed.conversations.map(({ id }) => id).toSorted()).toEqual(expected.toSorted())
    // The index follows what is said.
    await expect
      .poll(async () => {
        const answer = await actor.ask('GET', '/api/search?q=pomegranate&limit=50')
        const { results } = answer.as(rest.searchResults)
        return [...new Set(results.map(({ conversation }) => conversation))].toSorted()
      })
      .toEqual(expected.toSorted())
    const { channels } = (await actor.ask('GET', '/api/channels?q=Walk&limit=100')).as(rest.channelList)
    const found = places.filter(
      ({ place }) => place.setting.kind === 'channel' && !place.setting.archived && !place.setting.isGone,
    )
    expect(channels.map(({ id }) => id).toSorted()).toEqual(
      found.map(({ place }) => place.conversation).toSorted(),
    )
  }
})

test('[S2] the document opens for members, who are present in it; for everybody else as if there were none', async () => {
  const doorways = everybody().map(({ readable, standing, actor }) => {
    const opened = actor.device().open(conversationDocument(readable.place.conversation))
    return { readable, standing, actor, opened, isAllowed: mayRead(readable, actor) }
  })
  for (const { opened, isAllowed, readable, standing } of doorways) {
    await opened.until(() => opened.provider.isSynced || opened.denied.length > 0)
    const what = `${readable.place.setting.name}: ${standing}`
    expect([what, opened.denied]).toEqual([what, isAllowed ? [] : ['forbidden']])
    const words = conversationRoots(opened.doc).events.toArray().length
    expect([what, words > 0]).toEqual([what, isAllowed])
    if (isAllowed) opened.provider.awareness?.setLocalStateField('active', true)
  }
  const outsiders = new Set(doorways.filter(({ isAllowed }) => !isAllowed).map(({ actor }) => actor))
  for (const actor of outsiders) {
    const nothing = actor.device().open(conversationDocument(newId()))
    await nothing.until(() => nothing.denied.length > 0)
    expect(nothing.denied).toEqual(['forbidden'])
  }
  for (const here of doorways.filter(({ isAllowed }) => isAllowed)) {
    const others = doorways.filter(({ readable, isAllowed }) => readable === here.readable && isAllowed)
    const ids = others.map(({ actor }) => actor.id).toSorted()
    const seen = (): string[] =>
      [...(here.opened.provider.awareness?.getStates().values() ?? [])]
        .flatMap((state) => (state as Partial<PresenceSeen>).user?.id ?? [])
        .concat(here.actor.id)
        .toSorted()
    await here.opened.until(() => JSON.stringify([...new Set(seen())]) === JSON.stringify(ids))
  }
})

test('[R1] a position in the account moves where its owner may read, and nowhere else', async () => {
  const end = new Map(
    (
      await database.pool.query<{ id: string; last_seq: string }>(`SELECT id, last_seq FROM conversations`)
    ).rows.map((row) => [row.id, Number(row.last_seq)]),
  )
  for (const [actor, at] of Map.groupBy(everybody(), (each) => each.actor)) {
    const { doc } = actor.device().account()
    doc.transact(() => {
      for (const { readable } of at) accountRoots(doc).reads.set(readable.place.conversation, 1_000)
    })
    const mine = at.filter(({ readable }) => mayRead(readable, actor))
    const readTo = async (): Promise<boolean> => {
      const { conversations } = (await actor.ask('GET', '/api/conversations?limit=200')).as(
        rest.conversationList,
      )
      return (
        conversations.length === mine.length &&
        conversations.every(({ id, readSeq }) => readSeq === end.get(id))
      )
    }
    while (!(await readTo())) await new Promise((resolve) => setImmediate(resolve))
  }
  const { rows } = await database.pool.query(`SELECT FROM participants WHERE read_seq > 900`)
  expect(rows).toEqual([])
})
