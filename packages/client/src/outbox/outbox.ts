import {
  type Command,
  command as commandSchema,
  type CommandId,
  DEFAULT_LIMITS,
  isConversationCommand,
  type Millis,
  rejection as rejectionSchema,
  type Seq,
} from '@parley/protocol'
import type { AccountDocument } from '../own/account-document.ts'
import { type Fate, type FatedCommand, isOpen } from './fate.ts'
import { type Fates, openFates } from './fates.ts'
import { derived, type Observable } from '../observable.ts'
import { NOTHING_TAKEN, type Taken } from './taken.ts'
import type { Clock } from '../ports.ts'
import type { StoreFault } from '../store/store.ts'

/** Whether a change is on disk. Never rejects: a full store is something to say, not to crash on (C6). */
export type Saved = { readonly saved: true } | { readonly saved: false; readonly fault: StoreFault }

/** What this person intends, and what has become of each. */
export interface Outbox {
  /** Commands that wait, and refused ones: those first, then the rest as they will take effect (C2). */
  readonly commands: Observable<readonly FatedCommand[]>
  /**
   * Throws {@link OutboxFull}, and keeps nothing, where too many wait already. What `beside` changes in the
   * document is on disk with the command, or not at all.
   */
  give(command: Command, beside?: () => void): Promise<Saved>
  /** What was accepted once, and the server has lost, under the same ids; in their order, as many as may wait. */
  giveAgain(commands: readonly Command[]): Promise<Saved>
  fate(id: CommandId): Observable<Fate | undefined>
  /** In which of the document's lists the command is. */
  whereIs(id: CommandId): 'waiting' | 'refused' | undefined
  /** Commands that the server has just taken and whose events are still on their way here. */
  unseen(): readonly FatedCommand[]
  /** Hears that the events of some of those did not come: they are no longer among them. */
  onOverdue(listener: () => void): () => void
  retry(id: CommandId): Promise<Saved>
  discard(id: CommandId): Promise<Saved>
  /** Takes a refused command out of the document once it is kept elsewhere, from where it will be given again. */
  takeBack(id: CommandId, isKept: Promise<Saved>): Promise<Saved>
  onDiscard(listener: (id: CommandId) => void): void
  /** Another tab takes this back: that it goes from the list is no answer of the server. */
  heardDiscarded(id: CommandId): void
  /** The account document is attached and equal with the server's: what waits has been handed over. */
  handedOver(): void
  /** An event by this person was seen; its id is its command's. */
  said(id: CommandId, seq: Seq): void
}

/** Thrown at the caller: so much waits for the server that it would not accept more. What was written is the caller's to keep. */
export class OutboxFull extends Error {
  override name = 'OutboxFull'
  /** How many commands may wait. */
  readonly limit: number
  constructor(limit: number) {
    super(`${limit} commands wait for the server already (LIMIT_OUTBOX_COMMANDS)`)
    this.limit = limit
  }
}

/** The outbox in the account document. */
export function openOutbox(
  own: AccountDocument,
  clock: Clock,
  /** What is written into the document now goes to the server at once. */
  isLive: () => boolean,
  /** How many commands the server lets wait. */
  maxCommands: () => number = () => DEFAULT_LIMITS.outboxCommands,
  fates: Fates = openFates(),
  /** Events of its conversation do not come in, for now. */
  isStopped: (command: Command) => boolean = () => false,
  remembered: Taken = NOTHING_TAKEN,
): Outbox {
  const { saved, onSaved, isOnDisk } = own
  const { report } = fates
  /** Accepted commands, until their event is seen or waited for no longer. */
  const accepted = new Map<CommandId, { readonly command: Command; isOverdue: boolean }>()
  const overdueListeners = new Set<() => void>()
  const parsed = new WeakMap<object, Command>()
  const discardListeners = new Set<(id: CommandId) => void>()
  /** Still among the rejections, and no longer refused. */
  const takenBack = new Set<CommandId>()
  const seenLately = new Set<CommandId>()
  let cancelForgetting: (() => void) | undefined
  const forgetSeen = () => {
    cancelForgetting = undefined
    remembered.drop([...seenLately])
    seenLately.clear()
  }
  let waiting = new Map<CommandId, Command>()
  let refused = new Map<CommandId, Command | undefined>()

  const read = (entry: unknown): Command | undefined => {
    if (typeof entry !== 'object' || entry === null) return undefined
    const known = parsed.get(entry)
    if (known !== undefined) return known
    // The owner's other programs may write anything; what is no command the server will refuse.
    const result = commandSchema.safeParse(entry)
    if (result.success) parsed.set(entry, result.data)
    return result.success ? result.data : undefined
  }

  const commands = derived<readonly FatedCommand[]>((previous = []) => {
    const list = [...[...refused].sort(byRefusal), ...waiting].flatMap(([id, command]): FatedCommand[] => {
      const fate = fates.get(id)?.fate
      return fate === undefined || !isOpen(fate) ? [] : [{ id, command, fate }]
    })
    const known = new Map(previous.map((each) => [each.id, each]))
    const kept = list.map((each) => {
      const before = known.get(each.id)
      return before?.fate === each.fate && before.command === each.command ? before : each
    })
    return kept.length === previous.length && kept.every((each, index) => each === previous[index])
      ? previous
      : kept
  })

  /** The server refuses in the order of the outbox; ids are of the device's clock, which may have been set back. */
  const byRefusal = ([a]: readonly [CommandId, unknown], [b]: readonly [CommandId, unknown]): number =>
    refusedAt(a) - refusedAt(b) || (a < b ? -1 : 1)
  const refusedAt = (id: CommandId): Millis => {
    const fate = fates.get(id)?.fate
    return fate?.state === 'refused' ? fate.at : 0
  }

  /** Awaited since before the connection was lost, or the app closed: nothing comes until there is one again. */
  let stranded: Command[] = []
  /** By a timer and not by the time: a clock that is set back by years would make them wait for years. */
  const awaitEvents = (taken: readonly Command[]) => {
    const awaited = taken.map((command) => ({ command, isOverdue: false }))
    for (const each of awaited) accepted.set(each.command.id, each)
    clock.after(EVENT_FOLLOWS_WITHIN, () => {
      const missing = awaited.filter((each) => accepted.get(each.command.id) === each)
      if (missing.length === 0) return
      if (!isLive()) {
        stranded.push(...missing.map(({ command }) => command))
        return
      }
      for (const each of missing) each.isOverdue = true
      for (const listener of [...overdueListeners]) listener()
    })
  }

  /** Compares the document with what was known before. A command that is in neither list has been taken (L3). */
  const look = () => {
    const before = waiting
    waiting = new Map()
    for (const entry of own.roots.outbox.toArray()) {
      const command = read(entry)
      if (command !== undefined) waiting.set(command.id, command)
    }
    refused = new Map()
    for (const [id, stored] of own.roots.rejections.entries() as IterableIterator<[CommandId, unknown]>) {
      const rejection = rejectionSchema.safeParse(stored)
      if (!rejection.success || waiting.has(id) || takenBack.has(id)) continue
      refused.set(id, read(rejection.data.command) ?? before.get(id))
      const { code, message, at } = rejection.data
      report(id, { state: 'refused', code, message, at })
    }
    const taken: Command[] = []
    for (const [id, command] of before) {
      if (waiting.has(id) || refused.has(id)) continue
      const fate = fates.get(id)?.fate
      if (fate !== undefined && !isOpen(fate)) continue
      taken.push(command)
      report(id, { state: 'accepted' })
    }
    if (taken.length > 0) {
      awaitEvents(taken)
      const lasting = taken.filter(isConversationCommand)
      if (lasting.length > 0) remembered.keep(lasting)
    }
    const come: CommandId[] = []
    for (const id of waiting.keys()) {
      // Another tab or device sends again what the server has lost.
      if (fates.get(id)?.fate.state === 'accepted' && !before.has(id)) fates.forget(id)
      const known = fates.get(id)
      if (known !== undefined && known.fate.state !== 'refused') continue
      // Given again, here or on another device: what came of it before no longer counts.
      const attempt = known === undefined ? 0 : known.attempt + 1
      report(id, { state: isOnDisk() ? 'saved' : 'unsaved' }, attempt)
      come.push(id)
    }
    if (!isOnDisk()) void keep(come)
    fates.forgetOldest()
    commands.invalidate()
  }

  const keep = async (ids: readonly CommandId[]): Promise<Saved> => {
    const fault = await saved()
    for (const id of ids) {
      report(id, fault === undefined ? { state: 'saved' } : { state: 'failed-to-save', fault })
      if (isLive()) report(id, { state: 'sent' })
    }
    return fault === undefined ? { saved: true } : { saved: false, fault }
  }

  fates.onChange(() => commands.invalidate())
  look()
  for (const command of remembered.atStart) {
    const { id } = command
    // Given again meanwhile, here or on another device.
    if (waiting.has(id) || refused.has(id)) continue
    report(id, { state: 'accepted' })
    accepted.set(id, { command, isOverdue: false })
    stranded.push(command)
  }
  onSaved(() => {
    for (const id of waiting.keys())
      if (fates.get(id)?.fate.state === 'failed-to-save') report(id, { state: 'saved' })
  })
  let isTouched = false
  const touch = (_: unknown, { origin }: { readonly origin: unknown }) => {
    isTouched ||= origin !== GIVING
  }
  const follow = () => {
    own.roots.outbox.observe(touch)
    own.roots.rejections.observe(touch)
    own.doc.on('afterTransaction', () => {
      if (isTouched) look()
      isTouched = false
    })
  }
  follow()
  own.onMoved(() => {
    follow()
    look()
  })

  return {
    commands,
    unseen: () =>
      [...accepted].flatMap(([id, { command, isOverdue }]): FatedCommand[] => {
        const fate = fates.get(id)?.fate
        if (fate !== undefined && (!isOverdue || isStopped(command))) return [{ id, command, fate }]
        accepted.delete(id)
        remembered.drop([id])
        return []
      }),
    onOverdue: (listener) => {
      overdueListeners.add(listener)
      return () => {
        overdueListeners.delete(listener)
      }
    },
    give: (command, beside) => {
      if (waiting.size >= maxCommands()) throw new OutboxFull(maxCommands())
      waiting.set(command.id, command)
      report(command.id, { state: 'unsaved' })
      commands.invalidate()
      // What we push needs no look at the whole outbox: thousands may wait in it.
      own.doc.transact(() => {
        own.roots.outbox.push([command])
        beside?.()
      }, GIVING)
      return keep([command.id])
    },
    giveAgain: (all) => {
      const fresh = all.filter(({ id }) => !waiting.has(id) && !refused.has(id))
      const given = fresh.slice(0, Math.max(0, maxCommands() - waiting.size))
      for (const command of given) {
        fates.forget(command.id)
        accepted.delete(command.id)
        waiting.set(command.id, command)
        report(command.id, { state: 'unsaved' })
      }
      commands.invalidate()
      own.doc.transact(() => own.roots.outbox.push(given), GIVING)
      return keep(given.map(({ id }) => id))
    },
    fate: fates.of,
    whereIs: (id) => (waiting.has(id) ? 'waiting' : refused.has(id) ? 'refused' : undefined),
    retry: (id) => {
      const command = refused.get(id)
      if (command !== undefined) {
        const attempt = (fates.get(id)?.attempt ?? 0) + 1
        report(id, { state: 'unsaved' }, attempt)
        own.doc.transact(() => {
          own.roots.rejections.delete(id)
          own.roots.outbox.push([command])
        })
      }
      return keep([id])
    },
    onDiscard: (listener) => discardListeners.add(listener),
    heardDiscarded: (id) => report(id, { state: 'discarded' }),
    discard: (id) => {
      report(id, { state: 'discarded' })
      for (const listener of [...discardListeners]) listener(id)
      own.doc.transact(() => {
        own.roots.rejections.delete(id)
        const index = own.roots.outbox.toArray().findIndex((entry) => read(entry)?.id === id)
        if (index >= 0) own.roots.outbox.delete(index)
      })
      return keep([])
    },
    takeBack: async (id, isKept) => {
      takenBack.add(id)
      refused.delete(id)
      commands.invalidate()
      const kept = await isKept
      if (!kept.saved) return kept
      takenBack.delete(id)
      own.doc.transact(() => own.roots.rejections.delete(id))
      return await keep([])
    },
    handedOver: () => {
      for (const id of waiting.keys()) report(id, { state: 'sent' })
      const awaited = stranded.filter(({ id }) => accepted.has(id))
      stranded = []
      if (awaited.length > 0) awaitEvents(awaited)
    },
    said: (id, seq) => {
      if (fates.get(id) === undefined) return
      if (accepted.delete(id)) seenLately.add(id)
      if (seenLately.size > 0) cancelForgetting ??= clock.after(FORGET_AFTER, forgetSeen)
      report(id, { state: 'accepted', seq })
    },
  }
}

/**
 * A taken command's event comes by another document, about at the same time. Some commands have none,
 * and another device may have taken the command back: then nothing comes, and it is no longer shown.
 */
const EVENT_FOLLOWS_WITHIN: Millis = 10_000

/** What was seen is on the disk by then: until it is, a start without it must still show the command. */
const FORGET_AFTER: Millis = 10_000

/** Marks our own pushes among the document's transactions. */
const GIVING = Symbol('giving')
