import { type Command, unreachable } from '@parley/protocol'

/** A command as a program says it over REST. */
export interface CommandRequest {
  readonly method: string
  readonly path: string
  readonly body?: object
  /** Whether the request carries the command's id; where it does not, the server makes one. */
  readonly isKeyed: boolean
}

export function requestOf(command: Command): CommandRequest {
  switch (command.type) {
    case 'message.send': {
      const { id: _id, createdAt: _createdAt, type: _type, conversation, ...said } = command
      return post(`/api/conversations/${conversation}/events`, { type: 'message', ...said })
    }
    case 'reaction.set': {
      const { to, emoji, on } = command
      return post(`/api/conversations/${command.conversation}/events`, { type: 'reaction', to, emoji, on })
    }
    case 'conversation.create': {
      const { id: _id, createdAt: _createdAt, type: _type, conversation, ...wanted } = command
      return post('/api/conversations', { id: conversation, ...wanted })
    }
    case 'conversation.update': {
      const { id: _id, createdAt: _createdAt, type: _type, conversation, ...wanted } = command
      return { method: 'PATCH', path: `/api/conversations/${conversation}`, body: wanted, isKeyed: false }
    }
    case 'conversation.delete':
      return { method: 'DELETE', path: `/api/conversations/${command.conversation}`, isKeyed: false }
    case 'member.add': {
      const { conversation, user, role } = command
      return post(`/api/conversations/${conversation}/members`, { user, ...(role !== undefined && { role }) })
    }
    case 'member.remove':
      return { method: 'DELETE', path: memberPath(command), isKeyed: false }
    case 'member.role':
      return { method: 'PATCH', path: memberPath(command), body: { role: command.role }, isKeyed: false }
    case 'friend.request':
      return post('/api/friend-requests', { user: command.user })
    case 'friend.answer': {
      const status = command.accept ? 'ACCEPTED' : 'REJECTED'
      return {
        method: 'PATCH',
        path: `/api/friend-requests/${command.request}`,
        body: { status },
        isKeyed: false,
      }
    }
    case 'friend.remove':
      return { method: 'DELETE', path: `/api/friends/${command.user}`, isKeyed: false }
    case 'user.block':
      return { method: 'PUT', path: `/api/blocks/${command.user}`, isKeyed: false }
    case 'user.unblock':
      return { method: 'DELETE', path: `/api/blocks/${command.user}`, isKeyed: false }
    default:
      return unreachable(command)
  }
}

const post = (path: string, body: object): CommandRequest => ({ method: 'POST', path, body, isKeyed: true })

const memberPath = ({ conversation, user }: { conversation: string; user: string }): string =>
  `/api/conversations/${conversation}/members/${user}`
