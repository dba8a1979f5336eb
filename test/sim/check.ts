import {
  applyEvents,
  can,
  type CommandId,
  type ConversationId,
  conversationDocument,
  EMPTY_TIP,
  type Event,
  findChainFault,
  foldConversation,
} from '@parley/protocol'
import type pg from 'pg'
import * as Y from 'yjs'
import { syncStep1Frame } from '../kit/frames.ts'
import { nodeSha256 } from '../kit/logs.ts'
import { RawPeer } from '../kit/raw-peer.ts'
import type { History } from './history.ts'
import { SETTLE_MS, type World } from './world.ts'

/** Checks, from outside and after everything has settled, what the promises say of the whole run. */
export async function check(world: World): Promise<void> {
  const { history, db, devices } = world
  const tips = await world.tips()
  const seqs = new Map<CommandId, { conversation: ConversationId; seq: number }>()
  const logs = new Map<ConversationId, readonly Event[]>()
  for (const [conversation, { members }] of tips) {
    const log = await readLog(db, conversation)
    logs.set(conversation, log)
    const fault = findChainFault(EMPTY_TIP, log, nodeSha256)
    if (fault !== undefined)
      history.violate(`[L1, L5, L7] the log of ${conversation}: ${JSON.stringify(fault)}`)
    for (const { id, seq } of log) {
      if (seqs.has(id)) history.violate(`[C1] ${id} was said twice`)
      seqs.set(id, { conversation, seq })
    }
    for (const device of devices) {
      const archive = device.archive(conversation)
      if (!isPrefix(archive, log))
        history.violate(`[L2] what ${device.name} holds of ${conversation} is no prefix of the log`)
      if (members.has(device.account.id) && archive.length !== log.length) {
        history.violate(
          `[L2] ${device.name} holds ${archive.length} of ${log.length} events of ${conversation}`,
        )
      }
    }
    checkRealTimeOrder(history, conversation, log)
    await checkDerived(world, conversation, log)
  }
  checkFates(history, world, seqs, await readDeleted(db))
  await checkRefusals(world)
  checkDeviceOrder(history, world, seqs, logs)
}

export async function readLog(db: pg.Client, conversation: ConversationId): Promise<Event[]> {
  const { rows } = await db.query<{ seq: string; at: string; payload: object }>(
    `SELECT seq, id, type, author, at, hash, payload FROM events WHERE conversation = $1 ORDER BY seq`,
    [conversation],
  )
  return rows.map(
    ({ payload, seq, at, ...envelope }) =>
      ({ ...envelope, seq: Number(seq), at: Number(at), ...payload }) as unknown as Event,
  )
}

const isPrefix = (held: readonly Event[], log: readonly Event[]): boolean =>
  held.length <= log.length && held.every(({ hash }, i) => hash === log[i]?.hash)

/** [L4] If the answer to A came before B was given, A has the lower seq. */
function checkRealTimeOrder(history: History, conversation: ConversationId, log: readonly Event[]): void {
  let latestGiven = Number.NEGATIVE_INFINITY
  for (const { id, seq } of log) {
    const given = history.given.get(id)
    if (given === undefined) continue
    if (given.answeredAt !== undefined && given.answeredAt < latestGiven) {
      history.violate(`[L4] event ${seq} of ${conversation} was answered before an earlier one was given`)
    }
    latestGiven = Math.max(latestGiven, given.givenAt)
    history.count('events of known commands')
  }
}

/** [L8] Everything that is derived from the log is what the log makes of it: the served document, the snapshot, the side tables. */
async function checkDerived(
  { history, db, server, devices }: World,
  conversation: ConversationId,
  log: readonly Event[],
): Promise<void> {
  const name = conversationDocument(conversation)
  const folded = foldConversation(log)
  const { rows: participants } = await db.query<{ user_id: string; role: string; since_seq: string }>(
    `SELECT user_id, role, since_seq FROM participants WHERE conversation = $1`,
    [conversation],
  )
  const stored = participants.map((row) => `${row.user_id} ${row.role} ${row.since_seq}`).toSorted()
  const made = [...folded.members].map(([user, { role, since }]) => `${user} ${role} ${since}`).toSorted()
  if (stored.join() !== made.join())
    history.violate(`[L8] the participants of ${conversation} are not what its log says`)
  const { rows: conversations } = await db.query<{
    title: string
    archived: boolean
    last_hash: string
    last_seq: string
  }>(`SELECT title, archived, last_hash, last_seq FROM conversations WHERE id = $1`, [conversation])
  const [row] = conversations
  if (
    row?.title !== folded.title ||
    row.archived !== folded.archived ||
    row.last_hash !== folded.tip.hash ||
    Number(row.last_seq) !== folded.tip.seq
  ) {
    history.violate(`[L8] the row of ${conversation} is not what its log says`)
  }
  const { rows: snapshots } = await db.query<{ state: Buffer; seq: string }>(
    `SELECT state, seq FROM documents WHERE name = $1`,
    [name],
  )
  for (const { state, seq } of snapshots) {
    if (!state.equals(rebuilt(log.slice(0, Number(seq)))))
      history.violate(`[L8] the snapshot of ${conversation} at ${seq} is not what its log makes`)
    history.count('snapshots compared')
  }
  const member = devices.find(({ account }) => folded.members.has(account.id))
  if (member === undefined) return
  const peer = await RawPeer.connect(server.url)
  const { granted, reason } = await peer.open(name, member.account.token)
  if (!granted) history.violate(`[S2] a member was denied ${conversation}: ${reason}`)
  else {
    peer.send(syncStep1Frame(name, new Uint8Array([0])))
    const doc = new Y.Doc()
    Y.applyUpdate(doc, (await peer.next('sync', ({ step }) => step === 1)).bytes)
    if (!rebuilt(log).equals(Y.encodeStateAsUpdate(doc)))
      history.violate(`[L8] the served document of ${conversation} is not what its log makes`)
    history.count('documents compared')
  }
  peer.close()
}

function rebuilt(log: readonly Event[]): Buffer {
  const doc = new Y.Doc()
  applyEvents(doc, log)
  return Buffer.from(Y.encodeStateAsUpdate(doc))
}

/** [C3, L3, N1] Every command has one fate: said, refused, or (where nothing was to change) settled. */
function checkFates(
  history: History,
  { devices }: World,
  seqs: ReadonlyMap<CommandId, unknown>,
  deleted: ReadonlySet<string>,
): void {
  for (const given of history.given.values()) {
    // What was said in a conversation went with it when the last one left: that cannot be told from here.
    if ('conversation' in given.command && deleted.has(given.command.conversation)) {
      history.count('in deleted conversations')
      continue
    }
    const isSaid = seqs.has(given.command.id)
    const isRefused = devices.some(
      (device) => device.account.id === given.device.account.id && device.refused().has(given.command.id),
    )
    const what = `${given.command.type} ${given.command.id} of ${given.device.name} by ${given.door}`
    if (
      given.answeredAt !== undefined &&
      !given.isRefused &&
      given.command.type === 'message.send' &&
      !isSaid
    ) {
      history.violate(`[L3] ${what} was acknowledged and is not in the log`)
    }
    if (given.door === 'outbox' && given.times === 1) {
      if (isSaid && isRefused) history.violate(`[C3] ${what} was said and refused`)
      if (given.command.type === 'message.send' && !isSaid && !isRefused && !given.mayVanish)
        history.violate(`[C3] ${what} vanished`)
    }
    history.count(isSaid ? 'said' : isRefused ? 'refused' : 'settled')
  }
}

/** Devices of one person come to agree on what was refused. */
async function checkRefusals({ history, devices, stirred }: World): Promise<void> {
  const disagreements = (): string[] =>
    devices.flatMap((device) =>
      devices
        .filter((other) => other.account.id === device.account.id)
        .map((other) => ({ other, missing: [...device.refused()].filter((id) => !other.refused().has(id)) }))
        .filter(({ missing }) => missing.length > 0)
        .map(
          ({ other, missing }) =>
            `${other.name} does not know of ${missing.length} refusals that ${device.name} knows`,
        ),
    )
  try {
    await stirred.until(
      () => disagreements().length === 0,
      SETTLE_MS,
      () => disagreements().join('; '),
    )
  } catch (error) {
    history.violate(`[C3] ${String(error)}`)
  }
}

async function readDeleted(db: pg.Client): Promise<Set<string>> {
  const { rows } = await db.query<{ id: string }>(`SELECT id FROM conversations WHERE deleted_at IS NOT NULL`)
  return new Set(rows.map(({ id }) => id))
}

/**
 * [C2] What one device gave, in each conversation, was said in that order. One thing may look
 * otherwise: a command that had to be refused where it stood, whose refusal died with the server
 * before any device knew of it, and which was decided again when its author had been let back in.
 */
function checkDeviceOrder(
  history: History,
  { devices }: World,
  seqs: ReadonlyMap<CommandId, { conversation: ConversationId; seq: number }>,
  logs: ReadonlyMap<ConversationId, readonly Event[]>,
): void {
  for (const device of devices) {
    const last = new Map<ConversationId, { seq: number; id: CommandId }>()
    // From the last given to the first, so that each is held against what came after it.
    for (const { command, door, times, device: giver } of [...history.given.values()].toReversed()) {
      const place = seqs.get(command.id)
      // What was given again may have come first by its second way.
      if (giver !== device || door !== 'outbox' || times > 1 || place === undefined) continue
      const { conversation, seq } = place
      const after = last.get(conversation)
      if (after !== undefined && after.seq < seq) {
        const then = foldConversation((logs.get(conversation) ?? []).slice(0, after.seq - 1))
        const hadToBeRefused = !can(device.account.id, { do: 'send' }, then)
        if (hadToBeRefused && (history.counts['kills'] ?? 0) > 0)
          history.count('refusals that died with the server')
        else {
          history.violate(
            `[C2] ${device.name} gave ${command.id} before ${after.id}, and they were said as ${seq} and ${after.seq} of ${conversation}`,
          )
        }
      }
      if (after === undefined || seq < after.seq) last.set(conversation, { seq, id: command.id })
    }
  }
}
