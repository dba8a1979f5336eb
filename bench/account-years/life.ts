import { accountRoots, type CommandId, type ConversationId, newId } from '@parley/protocol'
import * as Y from 'yjs'
import { type Act, openDevice } from './device.ts'
import type { YearsServer } from './server.ts'

export interface LifeOptions {
  readonly server: YearsServer
  readonly years: number
  /** Of a year; 365, to measure. */
  readonly days?: number
  readonly devices: number
  /** Of each device. */
  readonly loadsADay: number
  /** Of all devices together. */
  readonly messagesADay: number
  readonly readsADay: number
  readonly draftsADay: number
  readonly onYear?: (year: Year) => void
}

export interface Year {
  readonly year: number
  readonly pageLoads: number
  readonly generations: number
  /** Of the stored document. */
  readonly bytes: number
  readonly writers: number
  /** Bytes of connecting, both directions: a device that is up to date, one that has nothing, the dearest of those measured in the year. */
  readonly upToDate: number
  readonly fresh: number
  readonly dearest: number
}

export interface Life {
  readonly years: readonly Year[]
  readonly given: readonly string[]
  /** What the device gave that was away from the second year to the end. */
  readonly givenAway: readonly string[]
}

const CONVERSATIONS = 40
/** So that it is each device's turn, and each hour's. */
const MEASURED_EVERY = 7

/** Years of daily use. One more device was there in the first days, writes something without a network, and comes back at the very end. */
export async function live(options: LifeOptions): Promise<Life> {
  const { server, loadsADay, devices: count, days = 365 } = options
  const conversations = Array.from({ length: CONVERSATIONS }, () => newId<ConversationId>())
  const seqs = new Map<ConversationId, number>()
  const given: string[] = []
  const loads = count * loadsADay
  let turn = 0
  const nextConversation = (): ConversationId => {
    turn += 7
    return conversations[turn % CONVERSATIONS] as ConversationId
  }
  const says =
    (messages: number, into: string[]): Act =>
    (doc) => {
      for (let n = 0; n < messages; n += 1) {
        const id = newId<CommandId>()
        into.push(id)
        const conversation = nextConversation()
        accountRoots(doc).outbox.push([
          {
            id,
            type: 'message.send',
            createdAt: turn,
            conversation,
            text: 'as long as messages are, about so',
          },
        ])
      }
    }
  const share = (perDay: number, load: number) =>
    Math.floor((perDay * (load + 1)) / loads) - Math.floor((perDay * load) / loads)
  const uses =
    (load: number): Act =>
    (doc) => {
      const { reads, drafts } = accountRoots(doc)
      says(share(options.messagesADay, load), given)(doc)
      for (let n = 0; n < share(options.readsADay, load); n += 1) {
        const conversation = nextConversation()
        const seq = (seqs.get(conversation) ?? 0) + 1
        seqs.set(conversation, seq)
        reads.set(conversation, seq)
      }
      for (let n = 0; n < share(options.draftsADay, load); n += 1) {
        const conversation = nextConversation()
        for (const text of ['half', 'half a', 'half a thought', '']) drafts.set(conversation, text)
      }
    }
  const nothing: Act = () => undefined

  const devices = Array.from({ length: count }, () => openDevice())
  const away = openDevice()
  await away.visit(server, nothing, says(2, given))
  const givenAway: string[] = []
  const years: Year[] = []
  let pageLoads = 1
  for (let year = 1; year <= options.years; year += 1) {
    let dearest = 0
    for (let load = 0; load < days * loads; load += 1) {
      const device = devices[load % count]
      // Every tenth page load begins without a network.
      const offline = load % 10 === 9 ? says(1, given) : nothing
      const visit = await device?.visit(server, offline, uses(load % loads), load % MEASURED_EVERY === 0)
      dearest = Math.max(dearest, visit ?? 0)
      pageLoads += 1
    }
    if (year === options.years) {
      const back = await away.visit(server, says(3, givenAway), nothing)
      dearest = Math.max(dearest, back)
    }
    await devices[0]?.visit(server, nothing, nothing)
    const upToDate = await devices[0]?.visit(server, nothing, nothing)
    const fresh = await openDevice().visit(server, nothing, nothing)
    const state = await server.state()
    years.push({
      year,
      pageLoads,
      generations: await server.generations(),
      bytes: state.length,
      writers: Y.decodeStateVector(Y.encodeStateVectorFromUpdate(state)).size,
      upToDate: upToDate ?? 0,
      fresh,
      dearest,
    })
    options.onYear?.(years.at(-1) as Year)
  }
  return { years, given, givenAway }
}
