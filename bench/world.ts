import { randomBytes } from 'node:crypto'
import { type ConversationId, newId, type UserId } from '@parley/protocol'
import type { DevicePlan } from './load/plan.ts'

export interface Person {
  readonly id: UserId
  readonly token: string
}

export interface Group {
  readonly id: ConversationId
  readonly members: readonly Person[]
  /** The numbers of those who speak in it. */
  readonly senders: readonly number[]
}

/** The people and conversations of one scenario. */
export interface World {
  readonly groups: readonly Group[]
}

const newPerson = (): Person => ({ id: newId(), token: randomBytes(24).toString('base64url') })

/** Groups of people of their own, in each of which the first member speaks. */
export function newWorld(groups: number, membersEach: number): World {
  return {
    groups: Array.from({ length: groups }, (_, index) => ({
      id: newId<ConversationId>(),
      members: Array.from({ length: membersEach }, newPerson),
      senders: [index],
    })),
  }
}

/** Groups that have their first member in common. */
export function newWorldOfOne(groups: number, membersEach: number): World {
  const person = newPerson()
  return {
    groups: newWorld(groups, membersEach).groups.map(({ id, members }) => ({
      id,
      members: [person, ...members.slice(1)],
      senders: [0],
    })),
  }
}

/** One device for each member of each group, the speaking one first. */
export const devicesOf = ({ groups }: World): DevicePlan[] =>
  groups.flatMap(({ id, members, senders }) =>
    members.map((person, index) => {
      const sender = senders[index]
      return {
        user: person.id,
        token: person.token,
        conversations: [id],
        ...(sender !== undefined && { sender }),
        hears: senders.filter((other) => other !== sender),
      }
    }),
  )
