import type { Account, ConversationView, Given, MessageItem } from '@parley/client'
import type { ConversationId, Mention, UserId } from '@parley/protocol'
import type { Act, GivenThere } from './act.ts'

/** Somebody at a device. */
export interface Person {
  readonly account: Account
  readonly me: UserId
  readonly others: readonly UserId[]
  readonly name: string
  readonly messages: (conversation: ConversationId) => readonly MessageItem[]
}

type Command = Exclude<Act, { readonly act: 'network' | 'cut' | 'clock' | 'restart' | 'pause' }>

const pick = <T>(items: readonly T[], number: number): T | undefined => items[number % items.length]

/** Does what the story says with what there is on this device; nothing, where there is nothing to do it with. */
export async function perform(person: Person, what: Command): Promise<readonly GivenThere[]> {
  const { account, others, name } = person
  if (what.act === 'create') {
    const { conversation, ...given } = account.createConversation({
      kind: 'group',
      title: name,
      members: others,
    })
    return [note(given, 'conversation.create', conversation)]
  }
  if (what.act === 'direct') {
    const other = pick(others, what.person)
    const opened = other === undefined ? undefined : account.openDirect(other)
    return opened?.given === undefined ? [] : [note(opened.given, 'conversation.create', opened.conversation)]
  }
  if (what.act === 'retry' || what.act === 'discard') {
    const refused = pick(
      account.commands.get().filter(({ fate }) => fate.state === 'refused'),
      what.which,
    )
    if (refused !== undefined) await account[what.act](refused.id)
    return []
  }
  const list = account.conversations.get()
  // Sorted by what never changes: two devices mean the same one when they know of the same ones.
  const places = list.state === 'loading' ? [] : list.conversations.toSorted((a, b) => (a.id < b.id ? -1 : 1))
  const view = pick(places, what.place)
  return view === undefined ? [] : inConversation(person, view, what)
}

type There = Extract<Command, { readonly place: number }>

function inConversation(
  person: Person,
  { id, lastSeq }: ConversationView,
  what: There,
): readonly GivenThere[] {
  const { account, others, name, messages } = person
  const text = name
  switch (what.act) {
    case 'send': {
      const mentioned: Mention | undefined = what.mention === 1 ? 'everyone' : pick(others, what.mention)
      const mentions = what.mention === 0 || mentioned === undefined ? [] : [mentioned]
      return [note(account.send(id, { text, mentions }), 'message.send', id)]
    }
    case 'reply': {
      const replyTo = pick(messages(id), what.message)?.id
      return replyTo === undefined ? [] : [note(account.send(id, { text, replyTo }), 'message.send', id)]
    }
    case 'react': {
      const to = pick(messages(id), what.message)?.id
      return to === undefined ? [] : [note(account.react(id, to, '👍', what.on), 'reaction.set', id)]
    }
    case 'rename':
      return [note(account.updateConversation(id, { title: text }), 'conversation.update', id)]
    case 'archive':
      return [note(account.updateConversation(id, { archived: what.on }), 'conversation.update', id)]
    case 'add':
    case 'remove':
    case 'role': {
      const other = pick(others, what.person)
      if (other === undefined) return []
      if (what.act === 'add') return [note(account.addMember(id, other), 'member.add', id)]
      if (what.act === 'remove') return [note(account.removeMember(id, other), 'member.remove', id)]
      return [note(account.changeRole(id, other, what.isAdmin ? 'admin' : 'member'), 'member.role', id)]
    }
    case 'read':
      account.markRead(id, Math.round((lastSeq * what.part) / 100))
      return []
    case 'draft':
      account.setDraft(id, text)
      return []
  }
}

const note = ({ id }: Given, type: string, conversation: ConversationId): GivenThere => ({
  id,
  type,
  conversation,
})
