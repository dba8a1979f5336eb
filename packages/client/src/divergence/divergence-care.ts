import type { ConversationId, Event, Seq } from '@parley/protocol'
import * as Y from 'yjs'
import { z } from 'zod'
import type { Archive } from '../archive/archive.ts'
import type { Attendance } from '../conversations/attendance.ts'
import type { Directory } from '../conversations/directory.ts'
import { saysTheSame } from './divergence.ts'
import { inquire, type InquiryOptions, type Verdict } from './divergence-inquiry.ts'
import { backOff } from '../connection/link.ts'
import type { Losses } from './losses.ts'
import { faultOf, type Saving } from '../store/saving.ts'
import type { Store } from '../store/store.ts'

/** What is done about logs that are not what they were (L7). Belongs to the tab that has the connection. */
export interface Divergence {
  /** What the server says of this log and what the device has do not go together: asks until that is clear. */
  doubt(id: ConversationId): void
  /** A connection begins: before the server has said anything on it. */
  arrive(): void
  /** The server can be asked again. */
  wake(): void
  /** The server has said, since there is a connection, which conversations this person is in. */
  listed(): void
  /** The person goes on with what the server shows. What the device has stays in {@link Losses}. */
  takeServers(id: ConversationId): Promise<boolean>
  close(): void
}

interface DivergenceOptions extends InquiryOptions {
  readonly attendance: Pick<Attendance, 'restart'>
  readonly directory: Directory
  readonly losses: Losses
  readonly store: Store
  readonly saving: Saving
  readonly random: () => number
  /** Asks for the conversation and for what is missing of it. */
  readonly refresh: (id: ConversationId) => Promise<void>
}

/** The breaks in a log that the person goes on over, by conversation. */
const ACCEPTED = 'accepted-breaks'
const acceptedBreaks = z.record(z.string(), z.array(z.int())).catch({})

/** After so many times that all was well a fault that comes back stays, until there is a new connection. */
const FALSE_ALARMS = 3

export function openDivergence(options: DivergenceOptions): Divergence {
  const { archive, attendance, directory, losses, store, saving, clock, isLive } = options
  const asking = new Map<ConversationId, Promise<boolean>>()
  const unanswered = new Set<ConversationId>()
  const falseAlarms = new Map<ConversationId, number>()
  /** Ended between connecting and the first list: not before this person's eyes. */
  const missed = new Set<ConversationId>()
  let isArriving = false
  let isRestored = false
  let failures = 0
  let cancelRetry: () => void = () => undefined
  let isClosed = false

  let accepted: Record<string, readonly Seq[]> = {}
  const readAccepted = saving.run(async () => {
    accepted = acceptedBreaks.parse(await store.record(ACCEPTED))
    for (const [id, seqs] of Object.entries(accepted)) archive.accept(id as ConversationId, new Set(seqs))
  })

  const tellLost = () => {
    if (!isRestored) return
    for (const id of missed) directory.lost(id)
    missed.clear()
  }

  /** Puts aside what only the device has, and goes on with the server's log from where both were the same. */
  const part = async (id: ConversationId, after: Seq, theirs: readonly Event[]): Promise<boolean> => {
    // Nothing enters from here on.
    if (archive.fault(id) === undefined) archive.raise(id, { fault: 'hash', seq: after + 1 })
    const found = whatIsLost(await readAfter(archive, id, after), theirs)
    if (!(await losses.add(id, found, clock.now()))) return false
    let isCut = false
    // The document goes with it: under the numbers of what is lost the server's will have something else.
    await attendance.restart(id, async () => {
      isCut =
        (await saving.run(() => store.putSnapshot(id, NO_SNAPSHOT))) === undefined &&
        (await archive.cut(id, after))
      if (!isCut) return
      directory.restart(id)
      if (theirs.length > 0) await archive.addPage(id, theirs)
    })
    if (isCut) await options.refresh(id)
    return isCut
  }

  /** Whether the matter is settled as far as the server is asked for it. */
  const settle = async (id: ConversationId, verdict: Verdict, isChosen: boolean): Promise<boolean> => {
    const fault = archive.fault(id)
    switch (verdict.is) {
      case 'unanswered':
        return false
      case 'gone':
        directory.left(id)
        return true
      case 'sound': {
        if (fault === undefined) return true
        const times = (falseAlarms.get(id) ?? 0) + 1
        falseAlarms.set(id, times)
        if (times > FALSE_ALARMS) return true
        archive.raise(id, undefined)
        await options.refresh(id)
        return true
      }
      case 'lost':
        isRestored = true
        tellLost()
        return await part(id, verdict.after, verdict.theirs)
      case 'altered': {
        const { seq, isChained, after, theirs } = verdict
        if (!isChosen) {
          const isTold = fault?.fault === 'altered' && fault.seq === seq && fault.isChained === isChained
          if (!isTold) archive.raise(id, { fault: 'altered', seq, isChained })
          return true
        }
        if (isChained) return await part(id, after, theirs)
        accepted = { ...accepted, [id]: [...new Set([...(accepted[id] ?? []), seq])] }
        if ((await saving.run(() => store.putRecord(ACCEPTED, accepted))) !== undefined) return false
        archive.accept(id, new Set(accepted[id]))
        // Behind it there may be another one, which the person has not seen yet.
        return await settle(id, await inquire(options, id), false)
      }
    }
  }

  const ask = (id: ConversationId, isChosen: boolean): Promise<boolean> => {
    const underWay = asking.get(id)
    if (underWay !== undefined) return isChosen ? underWay.then(() => ask(id, true)) : underWay
    const mine = (async () => {
      await readAccepted
      try {
        return !isClosed && (await settle(id, await inquire(options, id, isChosen), isChosen))
      } catch (error) {
        // The device cannot read what it holds; `Saving` has said so.
        faultOf(error)
        return false
      }
    })().then((isSettled) => {
      asking.delete(id)
      if (isSettled) {
        failures = 0
        unanswered.delete(id)
      } else if (!isClosed) {
        unanswered.add(id)
        retryLater()
      }
      return isSettled
    })
    asking.set(id, mine)
    return mine
  }
  const doubt = (id: ConversationId) => {
    if (!isClosed && archive.fault(id)?.fault !== 'unreadable') void ask(id, false)
  }
  const retryLater = () => {
    failures += 1
    cancelRetry()
    cancelRetry = clock.after(backOff(failures, options.random()), () => {
      if (isLive()) for (const id of unanswered) doubt(id)
    })
  }

  const endArchive = archive.subscribe(({ conversation, events }) => {
    if (events.length > 0) return losses.saw(conversation, events)
    const fault = archive.fault(conversation)?.fault
    const isNew = fault === 'hash' || fault === 'gap' || fault === 'time'
    if (isNew && (falseAlarms.get(conversation) ?? 0) < FALSE_ALARMS) doubt(conversation)
  })

  const endDirectory = directory.subscribe((id) => {
    if (id === undefined || !isArriving || directory.get(id)?.left !== true) return
    missed.add(id)
    tellLost()
  })

  return {
    doubt,
    arrive: () => {
      isArriving = true
      isRestored = false
      missed.clear()
    },
    wake: () => {
      failures = 0
      falseAlarms.clear()
      for (const id of unanswered) doubt(id)
    },
    listed: () => {
      isArriving = false
    },
    takeServers: async (id) => {
      // What the device has is given up for what the server sends: not while that cannot come.
      if (!isLive()) return false
      if (archive.fault(id)?.fault !== 'unreadable') return await ask(id, true)
      await attendance.restart(id, () => archive.forget(id))
      directory.restart(id)
      await options.refresh(id)
      return true
    },
    close: () => {
      isClosed = true
      endArchive()
      endDirectory()
      cancelRetry()
    },
  }
}

const NO_SNAPSHOT = Y.encodeStateAsUpdate(new Y.Doc())

/** What of the device's events the server has not, and what it has otherwise. */
function whatIsLost(
  mine: readonly Event[],
  theirs: readonly Event[],
): { missing: Event[]; altered: Event[] } {
  const there = new Map(theirs.map((event) => [event.id, event]))
  const missing: Event[] = []
  const altered: Event[] = []
  for (const event of mine) {
    const other = there.get(event.id)
    if (other === undefined) missing.push(event)
    else if (!saysTheSame(event, other)) altered.push(event)
  }
  return { missing, altered }
}

async function readAfter(archive: Archive, id: ConversationId, after: Seq): Promise<Event[]> {
  const found: Event[] = []
  for (;;) {
    const page = await archive.read(id, { after: found.at(-1)?.seq ?? after, limit: 1000, from: 'oldest' })
    found.push(...page)
    if (page.length === 0) return found
  }
}
