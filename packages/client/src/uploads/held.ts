import type { AttachmentId, Command, CommandId, ConversationId, Millis } from '@parley/protocol'
import type { Fates } from '../outbox/fates.ts'
import type { Saved } from '../outbox/outbox.ts'
import type { Clock } from '../ports.ts'
import type { Saving } from '../store/saving.ts'
import type { Store, StoreFault } from '../store/store.ts'
import type { FileBytes, HeldMessage, OwnFile } from './held-message.ts'

/** How long a failed write waits for its next try. */
const TRY_AGAIN_AFTER: Millis = 5_000

/** What waits on this device because of files. The disk, which all tabs share, is what counts. */
export interface HeldMessages {
  /** In the order they were given. */
  all(): readonly HeldMessage[]
  get(id: CommandId): HeldMessage | undefined
  /** Whether something of this conversation waits here, so that what comes later has to wait behind it (C2). */
  isWaiting(conversation: ConversationId): boolean
  /** Of a message that is held, or was until just now. */
  files(id: CommandId): readonly OwnFile[]
  hold(
    command: Command,
    files: readonly OwnFile[],
    bytes: ReadonlyMap<AttachmentId, FileBytes>,
  ): Promise<Saved>
  /** Nothing, if it is not held any more. */
  set(id: CommandId, state: HeldMessage['state']): Promise<Saved>
  /** What was refused, or could not be saved, waits again. */
  again(id: CommandId): Promise<Saved>
  /** Forgets it, with its files. */
  drop(id: CommandId): Promise<Saved>
  bytes(file: AttachmentId): Promise<FileBytes | undefined>
  subscribe(listener: () => void): () => void
  /** Hears each time that this tab has changed what is on the disk. */
  onWritten(listener: () => void): void
  /** The disk was emptied: puts there again what this tab has. The bytes of files are gone, and it is said so. */
  rewrite(): void
  /** Another tab has changed what is on the disk. */
  reload(): Promise<void>
  /** Resolves when all that was changed up to now is on disk, or could not be put there. */
  settled(): Promise<void>
  close(): void
}

interface Entry {
  message: HeldMessage
  /** Undefined until it is on disk. */
  place: number | undefined
  /** As long as they are nowhere else. */
  bytes: ReadonlyMap<AttachmentId, FileBytes>
}

const FILES_GONE = 'the browser has removed the files from this device'
const NO_BYTES: ReadonlyMap<AttachmentId, FileBytes> = new Map()
const NO_FILES: readonly OwnFile[] = []

export async function openHeld(
  store: Store,
  saving: Saving,
  clock: Clock,
  fates: Fates,
): Promise<HeldMessages> {
  const entries = new Map<CommandId, Entry>()
  /** Changed here and not yet on disk: what the disk says of them is old. */
  const unwritten = new Map<CommandId, number>()
  const lastFiles = new Map<CommandId, readonly OwnFile[]>()
  const listeners = new Set<() => void>()
  const writtenListeners = new Set<() => void>()
  const retries = new Set<() => void>()
  let last: Promise<unknown> = Promise.resolve()
  let waiting: ReadonlySet<ConversationId> | undefined
  let isClosed = false

  const changed = () => {
    waiting = undefined
    for (const listener of [...listeners]) listener()
  }
  const tellFate = ({ message: { command, state }, place }: Entry) => {
    const { id } = command
    const known = fates.get(id)
    if (state.is === 'refused') {
      const { code, message, at } = state
      fates.report(id, { state: 'refused', code, message, at })
    } else if (state.is === 'waiting') {
      const attempt = (known?.attempt ?? 0) + (known?.fate.state === 'refused' ? 1 : 0)
      fates.report(id, { state: place === undefined ? 'unsaved' : 'saved' }, attempt)
    }
  }
  const remember = (id: CommandId, entry: Entry) => {
    entries.set(id, entry)
    if (entry.message.files.length > 0) lastFiles.set(id, entry.message.files)
  }

  /** One write at a time, in the order of the changes. One that fails is tried again until it succeeds. */
  const write = async (id: CommandId, task: () => Promise<void>): Promise<Saved> => {
    unwritten.set(id, (unwritten.get(id) ?? 0) + 1)
    const mine = last.then(() => saving.run(task))
    last = mine.catch(() => undefined)
    const fault: StoreFault | undefined = await mine
    const left = (unwritten.get(id) ?? 1) - 1
    if (left > 0) unwritten.set(id, left)
    else unwritten.delete(id)
    if (fault === undefined) {
      for (const listener of [...writtenListeners]) listener()
      return { saved: true }
    }
    if (!isClosed) {
      const cancel = clock.after(TRY_AGAIN_AFTER, () => {
        retries.delete(cancel)
        void write(id, task)
      })
      retries.add(cancel)
    }
    return { saved: false, fault }
  }

  const save = async (id: CommandId, entry: Entry): Promise<Saved> => {
    const saved = await write(id, async () => {
      if (entry.place !== undefined || entries.get(id) !== entry) return
      entry.place = await store.hold(entry.message, entry.bytes)
      entry.bytes = NO_BYTES
      // Taken back while it was being written: its removal is the next thing to be written.
      if (entries.get(id) !== entry) return
      if (entry.message.state.is === 'waiting') fates.report(id, { state: 'saved' })
    })
    if (!saved.saved && entries.get(id) === entry) {
      fates.report(id, { state: 'failed-to-save', fault: saved.fault })
      changed()
    }
    return saved
  }

  const load = async () => {
    const stored = await store.heldMessages()
    const there = new Set(stored.map(({ message }) => message.command.id))
    for (const { place, message } of stored) {
      const { id } = message.command
      if (unwritten.has(id)) continue
      const entry: Entry = { message, place, bytes: NO_BYTES }
      remember(id, entry)
      tellFate(entry)
    }
    for (const [id, { place }] of entries)
      if (place !== undefined && !there.has(id) && !unwritten.has(id)) entries.delete(id)
    changed()
  }
  const reload = (): Promise<void> => {
    const mine = last.then(async () => {
      await saving.run(load)
    })
    last = mine.catch(() => undefined)
    return mine
  }
  fates.onChange((id, fate) => {
    if (fate.state === 'accepted' && fate.seq !== undefined) lastFiles.delete(id)
  })
  // What cannot be read is said, and waits on the disk; the rest of the app goes on without it.
  await reload()

  const set: HeldMessages['set'] = async (id, state) => {
    const entry = entries.get(id)
    if (entry === undefined) return { saved: true }
    entry.message = { ...entry.message, state }
    tellFate(entry)
    changed()
    return await write(id, async () => {
      if (entry.place === undefined || entries.get(id) !== entry) return
      if (await store.changeHeld(entry.place, entry.message)) return
      entries.delete(id)
      changed()
    })
  }

  return {
    all: () => [...entries.values()].map(({ message }) => message),
    get: (id) => entries.get(id)?.message,
    isWaiting: (conversation) => {
      waiting ??= new Set(
        [...entries.values()].flatMap(({ message: { command, state } }) =>
          state.is === 'waiting' && 'conversation' in command ? [command.conversation] : [],
        ),
      )
      return waiting.has(conversation)
    },
    files: (id) => lastFiles.get(id) ?? NO_FILES,
    hold: (command, files, bytes) => {
      const entry: Entry = { message: { command, files, state: { is: 'waiting' } }, place: undefined, bytes }
      remember(command.id, entry)
      tellFate(entry)
      changed()
      return save(command.id, entry)
    },
    set,
    again: async (id) => {
      const entry = entries.get(id)
      if (entry === undefined) return { saved: true }
      if (entry.place === undefined) return await save(id, entry)
      return await set(id, { is: 'waiting' })
    },
    drop: async (id) => {
      const entry = entries.get(id)
      if (entry === undefined) return { saved: true }
      entries.delete(id)
      changed()
      return await write(id, async () => {
        if (entry.place !== undefined) await store.dropHeld(entry.place)
      })
    },
    bytes: async (file) => {
      for (const { bytes } of entries.values()) {
        const known = bytes.get(file)
        if (known !== undefined) return known
      }
      return await saving.reads(() => store.file(file))
    },
    subscribe: (listener) => {
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
      }
    },
    onWritten: (listener) => writtenListeners.add(listener),
    rewrite: () => {
      for (const [id, entry] of entries) {
        if (entry.place === undefined) continue
        entry.place = undefined
        const { files, state } = entry.message
        if (files.length > 0 && state.is === 'waiting')
          entry.message = {
            ...entry.message,
            state: { is: 'refused', code: 'not_found', message: FILES_GONE, at: clock.now() },
          }
        tellFate(entry)
        void save(id, entry)
      }
      changed()
    },
    reload,
    settled: async () => {
      await last
    },
    close: () => {
      isClosed = true
      for (const cancel of retries) cancel()
    },
  }
}
