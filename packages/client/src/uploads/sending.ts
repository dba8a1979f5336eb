import { type AttachmentId, type Command, type Millis, newId } from '@parley/protocol'
import { type FatedCommand, isOpen } from '../outbox/fate.ts'
import type { Fates } from '../outbox/fates.ts'
import { derived, type Observable } from '../observable.ts'
import { type Outbox, OutboxFull, type Saved } from '../outbox/outbox.ts'
import type { HeldMessages } from './held.ts'
import type { FileBytes, FileToSend, OwnFile } from './held-message.ts'

/** A file with the id of the attachment that it becomes. */
export interface NamedFile {
  readonly file: OwnFile
  readonly bytes: FileBytes
}

/** Gives a file its id; what a browser does not know of it is left to the server to find out. */
export const named = ({ name, mediaType, bytes, width, height }: FileToSend): NamedFile => ({
  file: {
    id: newId<AttachmentId>(),
    name: name.toWellFormed().replaceAll('\0', ''),
    mediaType: mediaType === '' ? 'application/octet-stream' : mediaType,
    size: bytes.size,
    ...(width !== undefined && height !== undefined && { width, height }),
  },
  bytes,
})

const refusedAt = ({ fate }: FatedCommand): Millis => (fate.state === 'refused' ? fate.at : 0)

/** All that this person has given and that has no answer yet: in the outbox, and what cannot go there yet. */
export interface Sending extends Pick<Outbox, 'unseen' | 'onOverdue' | 'retry' | 'discard' | 'fate'> {
  /** As in the outbox; in each conversation what is held stands behind what the outbox has (C2). */
  readonly commands: Observable<readonly FatedCommand[]>
  /** Throws {@link OutboxFull}, and keeps nothing, where too many wait already. `beside` runs when the command is kept. */
  give(command: Command, beside?: () => void, files?: readonly NamedFile[]): Promise<Saved>
}

/**
 * Commands with files wait on this device until their files are on the server, and what is given later in the same
 * conversation waits behind them. Everything else goes into the outbox at once.
 */
export function openSending(
  outbox: Outbox,
  held: HeldMessages,
  fates: Fates,
  maxCommands: () => number,
): Sending {
  const withFiles = (entry: FatedCommand): FatedCommand => {
    const files = held.files(entry.id)
    return files.length === 0 ? entry : { ...entry, files }
  }

  const commands = derived<readonly FatedCommand[]>((previous = []) => {
    const here = held.all().flatMap(({ command, state }): FatedCommand[] => {
      const fate = fates.get(command.id)?.fate
      const isElsewhere = state.is === 'handed-on' || outbox.whereIs(command.id) !== undefined
      return isElsewhere || fate === undefined || !isOpen(fate) ? [] : [{ id: command.id, command, fate }]
    })
    const all = [...outbox.commands.get(), ...here].map(withFiles)
    const isRefused = ({ fate }: FatedCommand) => fate.state === 'refused'
    const list = [
      ...all.filter(isRefused).sort((a, b) => refusedAt(a) - refusedAt(b) || (a.id < b.id ? -1 : 1)),
      ...all.filter((each) => !isRefused(each)),
    ]
    const known = new Map(previous.map((each) => [each.id, each]))
    const kept = list.map((each) => {
      const before = known.get(each.id)
      const isSame =
        before?.fate === each.fate && before.command === each.command && before.files === each.files
      return isSame ? before : each
    })
    return kept.length === previous.length && kept.every((each, index) => each === previous[index])
      ? previous
      : kept
  })
  outbox.commands.subscribe(commands.invalidate)
  held.subscribe(commands.invalidate)
  fates.onChange(commands.invalidate)

  const countHeld = () => held.all().filter(({ state }) => state.is === 'waiting').length

  return {
    commands,
    fate: outbox.fate,
    onOverdue: outbox.onOverdue,
    unseen: () => outbox.unseen().map(withFiles),
    give: (command, beside, files = []) => {
      const isBehind = 'conversation' in command && held.isWaiting(command.conversation)
      if (files.length === 0 && !isBehind) return outbox.give(command, beside)
      const waiting = outbox.commands.get().length + countHeld()
      if (waiting >= maxCommands()) throw new OutboxFull(maxCommands())
      const saved = held.hold(
        command,
        files.map(({ file }) => file),
        new Map(files.map(({ file, bytes }) => [file.id, bytes])),
      )
      return saved.then((answer) => {
        // What was written is kept as a draft until then.
        if (answer.saved) beside?.()
        return answer
      })
    },
    retry: async (id) => {
      if (held.get(id) === undefined || outbox.whereIs(id) === 'waiting') return await outbox.retry(id)
      // Its files may be gone from the server by now: they go first once more.
      const saved = held.again(id)
      return outbox.whereIs(id) === 'refused' ? await outbox.takeBack(id, saved) : await saved
    },
    discard: async (id) => {
      const discarded = outbox.discard(id)
      const dropped = await held.drop(id)
      return dropped.saved ? await discarded : dropped
    },
  }
}
