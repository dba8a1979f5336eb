import {
  type CommandId,
  type ConversationId,
  type Event,
  foldConversation,
  type rest,
  type UserId,
} from '@parley/protocol'
import type { GivenThere, Look, Shown } from './act.ts'
import type { ServerSide } from './server.ts'

/** What the devices show in the end, and what the server says. */
export interface Told {
  readonly devices: readonly {
    readonly name: string
    readonly person: UserId
    readonly look: Look
    /** Commands that this device was given, in their order. */
    readonly given: readonly GivenThere[]
    /** Some command of this person's was given again, and so comes later than it was first given. */
    readonly retried: boolean
  }[]
  readonly servers: readonly ServerSide[]
  /** Something refused was let go of, somewhere. */
  readonly mayBeDiscarded: boolean
}

/** Everything in which a device is not what the server says, or what it may never be. */
export function differences(told: Told): readonly string[] {
  return [
    ...told.devices.flatMap((device) => {
      const server = told.servers.find(({ person }) => person === device.person)
      const found = [
        ...device.look.violations,
        ...(device.look.link === 'live' ? [] : [`its link is ${device.look.link}`]),
        ...(device.look.waiting === 0 ? [] : [`${device.look.waiting} commands wait`]),
        ...(server === undefined ? [] : besideServer(device.look, server)),
      ]
      return found.map((each) => `${device.name}: ${each}`)
    }),
    ...fates(told),
    ...drafts(told),
  ]
}

function besideServer({ conversations }: Look, server: ServerSide): readonly string[] {
  const [has, says] = [conversations.map(({ id }) => id), server.conversations.map(({ id }) => id)]
  if (has.toSorted().join() !== says.toSorted().join())
    return [`it is in ${has.toSorted().join()}, the server says ${says.toSorted().join()}`]
  return server.conversations.flatMap((summary) => {
    const shown = conversations.find(({ id }) => id === summary.id)
    return shown === undefined ? [] : inOne(shown, summary, server.logs.get(summary.id) ?? [])
  })
}

function inOne(shown: Shown, summary: rest.ConversationSummary, log: readonly Event[]): readonly string[] {
  const folded = foldConversation(log)
  const roles = Object.fromEntries(
    [...folded.members]
      .map(([user, { role }]) => [user, role] as const)
      .toSorted(([a], [b]) => (a < b ? -1 : 1)),
  )
  const expected = {
    title: summary.kind === 'direct' ? shown.title : folded.title,
    archived: folded.archived,
    readSeq: summary.readSeq,
    unread: summary.unread,
    mentions: summary.mentions,
    members: roles,
    items: log.filter(({ type }) => type !== 'reaction').map(({ id }) => id),
  }
  return (Object.keys(expected) as (keyof typeof expected)[]).flatMap((key) => {
    const [is, ought] = [JSON.stringify(shown[key]), JSON.stringify(expected[key])]
    return is === ought ? [] : [`[L2][R2] ${key} of ${shown.id} is ${is}, and the server says ${ought}`]
  })
}

/** [C1][C2][C3] Each command took effect once or was refused, in the order in which its device was given it. */
function fates({ devices, servers, mayBeDiscarded }: Told): readonly string[] {
  const logs = new Map<ConversationId, readonly Event[]>(servers.flatMap(({ logs: each }) => [...each]))
  const places = new Map<CommandId, number>()
  const wrong: string[] = []
  for (const log of logs.values()) {
    for (const { id, seq } of log) {
      if (places.has(id)) wrong.push(`[C1] ${id} was said twice`)
      places.set(id, seq)
    }
  }
  for (const device of devices) {
    const refused = new Set(
      devices.filter(({ person }) => person === device.person).flatMap(({ look }) => [...look.refused]),
    )
    const last = new Map<ConversationId, number>()
    for (const { id, type, conversation } of device.given) {
      const [isSaid, isRefused] = [places.has(id), refused.has(id)]
      const what = `${type} ${id} of ${device.name}, which calls it ${device.look.fates[id]},`
      if (isSaid && isRefused) wrong.push(`[C3] ${what} was said and refused`)
      // Of a conversation that nobody here is in any more, nobody here can tell.
      const isKnown = conversation !== undefined && logs.has(conversation)
      if (type === 'message.send' && isKnown && !isSaid && !isRefused && !mayBeDiscarded)
        wrong.push(`[C3] ${what} is nowhere`)
      const seq = places.get(id)
      if (seq === undefined || conversation === undefined || device.retried) continue
      if (seq < (last.get(conversation) ?? 0)) wrong.push(`[C2] ${what} came before what was given before it`)
      last.set(conversation, seq)
    }
  }
  return wrong
}

/** Of drafts the last one counts, and it is the same everywhere. */
function drafts({ devices }: Told): readonly string[] {
  return devices.flatMap((device, index) => {
    const other = devices.findLast(({ person }, at) => person === device.person && at < index)
    if (other === undefined) return []
    return device.look.conversations.flatMap(({ id, draft }) => {
      const there = other.look.conversations.find((each) => each.id === id)
      return there === undefined || there.draft === draft
        ? []
        : [`${device.name} has the draft "${draft}" and ${other.name} has "${there.draft}" in ${id}`]
    })
  })
}
