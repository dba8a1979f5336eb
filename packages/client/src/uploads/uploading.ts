import type { AttachmentId, CommandId, ConversationId, Millis } from '@parley/protocol'
import type { AccountDocument } from '../own/account-document.ts'
import type { Api } from '../connection/api.ts'
import type { Archive } from '../archive/archive.ts'
import type { Fates } from '../outbox/fates.ts'
import { backOff } from '../connection/link.ts'
import type { Source } from '../observable.ts'
import { type Outbox, OutboxFull } from '../outbox/outbox.ts'
import type { Clock } from '../ports.ts'
import { faultOf } from '../store/saving.ts'
import { soon } from '../soon.ts'
import type { HeldMessages } from './held.ts'
import type { HeldMessage } from './held-message.ts'
import { uploadFile, type Uploaded } from './upload-file.ts'
import type { UploadProgress } from './upload-progress.ts'

/** Of so many conversations files are uploaded at once: a large one to somebody holds up no small one to another. */
const AT_ONCE = 3

/** How long a disk that took nothing is left alone. */
const TRY_AGAIN_AFTER: Millis = 5_000

export interface Uploading {
  /** The network is back: goes on at once. */
  wake(): void
  close(): void
}

interface UploadingOptions {
  readonly held: HeldMessages
  readonly outbox: Outbox
  readonly fates: Fates
  readonly own: AccountDocument
  readonly archive: Archive
  readonly api: Pick<Api, 'beginUpload' | 'upload' | 'appendUpload' | 'discardUpload'>
  readonly clock: Clock
  readonly random: () => number
  /** Whether asking has any prospect. */
  readonly isLive: () => boolean
  readonly progress: Source<ReadonlyMap<AttachmentId, UploadProgress>>
}

/**
 * Brings what is held on its way: the first of each conversation, when its files are on the server, goes into the
 * outbox, and what waits behind it follows (C2). A refusal concerns the one message alone.
 */
export function openUploading(options: UploadingOptions): Uploading {
  const { held, outbox, fates, own, archive, api, clock, random, isLive, progress } = options
  const running = new Set<ConversationId>()
  const failures = new Map<ConversationId, number>()
  /** Waits for the next try. */
  const resting = new Map<ConversationId, () => void>()
  /** In the outbox, and the disk does not know yet. */
  const handedOn = new Set<CommandId>()
  /** The server has some of it. */
  const begun = new Map<AttachmentId, CommandId>()
  let isSettled = false
  let isClosed = false

  const isOver = () => isClosed || !isLive()
  const note = (next: UploadProgress) => progress.set(new Map([...progress.get(), [next.id, next]]))
  const forget = (id: AttachmentId) =>
    progress.set(new Map([...progress.get()].filter(([each]) => each !== id)))
  const isNext = ({ command, state }: HeldMessage) => state.is === 'waiting' && !handedOn.has(command.id)
  const conversationOf = ({ command }: HeldMessage): ConversationId | undefined =>
    'conversation' in command ? command.conversation : undefined
  const head = (conversation: ConversationId) =>
    held.all().find((each) => isNext(each) && conversationOf(each) === conversation)
  /** What was given before it may be what makes its upload possible, such as the conversation itself. */
  const isBehind = (conversation: ConversationId) =>
    outbox.commands
      .get()
      .some(
        ({ command, fate }) =>
          fate.state !== 'refused' &&
          command !== undefined &&
          'conversation' in command &&
          command.conversation === conversation,
      )

  /** The disk is told once the outbox is on it: a crash in between gives the command twice, which C1 makes one. */
  const noteHandedOn = async (id: CommandId): Promise<void> => {
    if ((await own.saved()) !== undefined) {
      clock.after(TRY_AGAIN_AFTER, () => {
        if (!isClosed) void noteHandedOn(id)
      })
      return
    }
    if ((held.get(id)?.files.length ?? 0) > 0) await held.set(id, { is: 'handed-on' })
    else await held.drop(id)
    handedOn.delete(id)
  }
  const handOn = ({ command }: HeldMessage): boolean => {
    try {
      void outbox.give(command)
    } catch (error) {
      if (error instanceof OutboxFull) return false
      throw error
    }
    handedOn.add(command.id)
    void noteHandedOn(command.id)
    return true
  }

  const upload = async (message: HeldMessage, conversation: ConversationId): Promise<Uploaded> => {
    const { id: command } = message.command
    for (const file of message.files) {
      const bytes = await readable(() => held.bytes(file.id))
      if (bytes === 'unreadable') return { is: 'later', retryAfter: undefined }
      if (bytes === undefined)
        return { is: 'refused', code: 'not_found', message: `the device has lost ${file.name}` }
      begun.set(file.id, command)
      let sent = 0
      const uploaded = await uploadFile({
        api,
        clock,
        conversation,
        file,
        bytes,
        isWanted: () => !isOver() && held.get(command)?.state.is === 'waiting',
        onProgress: (next) => {
          if (next > sent) failures.delete(conversation)
          sent = next
          note({ id: file.id, sent, state: next === file.size ? 'uploaded' : 'uploading' })
        },
      })
      if (uploaded.is === 'later') note({ id: file.id, sent, state: 'waiting' })
      if (uploaded.is !== 'whole') return uploaded
    }
    return { is: 'whole' }
  }

  const rest = (conversation: ConversationId, retryAfter: number | undefined) => {
    const failed = (failures.get(conversation) ?? 0) + 1
    failures.set(conversation, failed)
    const cancel = clock.after(Math.max(retryAfter ?? 0, backOff(failed, random())), () => {
      resting.delete(conversation)
      look()
    })
    resting.set(conversation, cancel)
  }

  /** Answers whether a look at what comes next is worth anything now. */
  const run = async (conversation: ConversationId): Promise<boolean> => {
    for (let next = head(conversation); next !== undefined; next = head(conversation)) {
      if (isOver()) return false
      if (next.files.length > 0) {
        if (isBehind(conversation)) return true
        const uploaded = await upload(next, conversation)
        if (uploaded.is === 'stopped') continue
        if (uploaded.is === 'later') {
          rest(conversation, uploaded.retryAfter)
          return true
        }
        if (uploaded.is === 'refused') {
          const { code, message } = uploaded
          for (const { id } of next.files) forget(id)
          await held.set(next.command.id, { is: 'refused', code, message, at: clock.now() })
          continue
        }
        // The next leader hands it on.
        if (isClosed) return false
        // Taken back in the last moment.
        if (head(conversation)?.command.id !== next.command.id) continue
      }
      // There is room again when the outbox changes.
      if (!handOn(next)) return false
    }
    return true
  }

  const look = soon(() => {
    tidy()
    if (isOver() || !isSettled) return
    const seen = new Set<ConversationId>()
    for (const message of held.all()) {
      const conversation = conversationOf(message)
      if (conversation === undefined || !isNext(message) || seen.has(conversation)) continue
      // Only the first of each decides: what is behind one that cannot begin yet cannot either.
      seen.add(conversation)
      if (running.has(conversation) || resting.has(conversation) || running.size >= AT_ONCE) continue
      if (message.files.length > 0 && isBehind(conversation)) continue
      running.add(conversation)
      void run(conversation).then((isWorthALook) => {
        running.delete(conversation)
        if (isWorthALook) look()
      })
    }
  })

  /** What is answered needs its files no more; what is taken back need not stay on the server. */
  const tidy = () => {
    for (const message of held.all()) {
      const { id } = message.command
      const state = fates.get(id)?.fate.state
      if (state === 'accepted' || state === 'discarded') void held.drop(id)
    }
    for (const [file, command] of begun) {
      const state = fates.get(command)?.fate.state
      if (state !== 'accepted' && state !== 'discarded') continue
      begun.delete(file)
      forget(file)
      // What cannot be told now the server finds out by itself, after a day.
      if (state === 'discarded' && !isOver()) void api.discardUpload(file)
    }
  }

  /** What an earlier leader has handed on, and died before it could say so. */
  const settle = async () => {
    await Promise.all([own.reload(), held.reload()])
    for (const { command, state } of held.all()) {
      const place = outbox.whereIs(command.id)
      if (state.is === 'handed-on' && place === undefined) await held.drop(command.id)
      else if (state.is === 'waiting' && place !== undefined) await noteHandedOn(command.id)
      else if (state.is === 'waiting' && 'conversation' in command) {
        const said = await readable(() => archive.eventById(command.conversation, command.id))
        if (said !== undefined && said !== 'unreadable') await held.drop(command.id)
      }
    }
    isSettled = true
    look()
  }

  const endings = [held.subscribe(look), outbox.commands.subscribe(look)]
  fates.onChange((_, { state }) => {
    if (!isClosed && (state === 'accepted' || state === 'discarded')) look()
  })
  void settle()

  return {
    wake: () => {
      for (const cancel of resting.values()) cancel()
      resting.clear()
      failures.clear()
      look()
    },
    close: () => {
      isClosed = true
      for (const cancel of resting.values()) cancel()
      for (const end of endings) end()
      progress.set(new Map())
    },
  }
}

/** What the device cannot read now it has said elsewhere; a defect goes on. */
async function readable<T>(read: () => Promise<T>): Promise<T | 'unreadable'> {
  try {
    return await read()
  } catch (error) {
    faultOf(error)
    return 'unreadable'
  }
}
