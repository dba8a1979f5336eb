import {
  type Command,
  type CommandId,
  type ConversationId,
  directConversationId,
  newId,
  type UserId,
} from '@parley/protocol'
import {
  acquaintanceAt,
  blockedAt,
  changeAt,
  companyAt,
  conversationAt,
  eventAt,
  friendAt,
  givenAt,
  joinableAt,
  memberAt,
  mentionAt,
  newcomerAt,
  NOTHING,
  personAt,
  requestAt,
  type Scene,
  textAt,
  titleAt,
} from './choices.ts'
import type { Act } from './steps.ts'

/** The command that an act comes to; undefined where there is nothing to do it with. */
export function commandOf(scene: Scene, author: UserId, act: Act): Command | undefined {
  const { world } = scene
  const base = { id: newId<CommandId>(), createdAt: scene.now }
  const at = (n: number): ConversationId => conversationAt(world, author, n, false)
  const led = (n: number): ConversationId => conversationAt(world, author, n, true)
  switch (act.do) {
    case 'say': {
      const conversation = at(act.in)
      const mentions = [...new Set(act.mentions.map((n) => mentionAt(scene, conversation, n)))]
      const replyTo = act.reply === null ? undefined : eventAt(world, conversation, act.reply)
      return {
        ...base,
        type: 'message.send',
        conversation,
        text: textAt(world, act.text),
        ...(replyTo !== undefined && { replyTo }),
        ...(mentions.length > 0 && { mentions }),
      }
    }
    case 'react': {
      const conversation = at(act.in)
      const to = eventAt(world, conversation, act.to)
      if (to === undefined) return undefined
      return {
        ...base,
        type: 'reaction.set',
        conversation,
        to,
        emoji: act.emoji === 0 ? '👍' : '🎉',
        on: act.on,
      }
    }
    case 'create': {
      const known = [...world.conversations.values()].filter(({ kind }) => kind !== 'direct')
      const again = act.again === null ? undefined : known[act.again % known.length]?.id
      const title = titleAt(scene, act.title)
      return {
        ...base,
        type: 'conversation.create',
        conversation: again ?? newId<ConversationId>(),
        kind: act.kind,
        ...(title !== undefined && { title }),
        ...(act.title % 3 === 0 && { topic: 'a topic' }),
        members: [...new Set(act.members.map((n) => companyAt(scene, author, n)))],
      }
    }
    case 'talk': {
      const peer = friendAt(scene, author, act.with)
      const members = act.isBroken ? [peer, NOTHING as UserId] : [peer]
      return {
        ...base,
        type: 'conversation.create',
        conversation: directConversationId(author, peer),
        kind: 'direct',
        members,
      }
    }
    case 'update': {
      const conversation = led(act.in)
      return {
        ...base,
        type: 'conversation.update',
        conversation,
        ...changeAt(scene, conversation, act.change),
      }
    }
    case 'delete':
      return { ...base, type: 'conversation.delete', conversation: led(act.in) }
    case 'add': {
      const conversation = led(act.in)
      const user = newcomerAt(scene, author, conversation, act.user)
      return {
        ...base,
        type: 'member.add',
        conversation,
        user,
        ...(act.role !== null && { role: act.role }),
      }
    }
    case 'join':
      return { ...base, type: 'member.add', conversation: joinableAt(world, act.in), user: author }
    case 'remove': {
      const conversation = led(act.in)
      return {
        ...base,
        type: 'member.remove',
        conversation,
        user: memberAt(scene, author, conversation, act.user),
      }
    }
    case 'leave':
      return { ...base, type: 'member.remove', conversation: at(act.in), user: author }
    case 'role': {
      const conversation = led(act.in)
      const user = memberAt(scene, author, conversation, act.user)
      return { ...base, type: 'member.role', conversation, user, role: act.role }
    }
    case 'request':
      return { ...base, type: 'friend.request', user: acquaintanceAt(scene, author, act.user) }
    case 'answer':
      return {
        ...base,
        type: 'friend.answer',
        request: requestAt(world, author, act.request),
        accept: act.accept,
      }
    case 'unfriend':
      return { ...base, type: 'friend.remove', user: friendAt(scene, author, act.user) }
    case 'block':
      return { ...base, type: 'user.block', user: personAt(scene, act.user) }
    case 'unblock':
      return { ...base, type: 'user.unblock', user: blockedAt(scene, author, act.user) }
    case 'repeat':
      return givenAt(scene, author, act.command, act.isOwn)
  }
}
