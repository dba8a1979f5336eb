import { type AttachmentId, type Command, newId } from '@parley/protocol'
import type pg from 'pg'
import type { Answer } from '../kit/api.ts'
import type { Actor, Doors } from '../kit/doors.ts'
import { ENDPOINTS, fill } from '../kit/endpoints.ts'
import { bytes, upload } from '../kit/tus.ts'
import { viaOutbox } from './cases.ts'
import { castOf, directPlaces, type Shared, STANDINGS } from './cast.ts'
import { type Place, placeOf, SETTINGS } from './places.ts'

/** A word that is said in every place and nowhere else. */
export const WORD = 'pomegranate'

/** A place with something to read in it. */
export interface Readable extends Shared {
  readonly file: AttachmentId
}

/** Every setting, with a message, and a file that was sent while sending was allowed. */
export async function readablePlaces(doors: Doors, pool: pg.Pool): Promise<Readable[]> {
  const cast = await castOf(doors, pool)
  const made = SETTINGS.map((where) => placeOf(cast, where))
  await viaOutbox(
    cast.owner,
    made.flatMap(({ commands }) => commands),
  )
  const places: Readable[] = []
  for (const { place } of made) {
    const file = await sendFile(place, cast.owner)
    places.push({ place, file, actors: new Map(STANDINGS.map((standing) => [standing, cast[standing]])) })
  }
  await viaOutbox(
    cast.owner,
    made.flatMap(({ closing }) => closing),
  )
  const files = new Map<Place, AttachmentId>()
  const direct = await directPlaces(doors, pool, cast.stranger, async (place, one) => {
    files.set(place, await sendFile(place, one))
  })
  return [
    ...places,
    ...direct.map((shared) => ({ ...shared, file: files.get(shared.place) as AttachmentId })),
  ]
}

async function sendFile({ conversation }: Place, sender: Actor): Promise<AttachmentId> {
  const { id } = await upload(sender, conversation, bytes('what is in the file'), { filename: 'file.txt' })
  const command: Command = {
    id: newId(),
    createdAt: 1,
    type: 'message.send',
    conversation,
    text: WORD,
    attachments: [id],
  }
  await viaOutbox(sender, [command])
  return id
}

/** A way to read by REST, and what it gives a member. */
export interface Way {
  readonly name: string
  readonly ask: (
    actor: Actor,
    place: Pick<Place, 'conversation' | 'message'>,
    file: AttachmentId,
  ) => Promise<Answer>
  readonly status: number
}

/** Every route of a conversation that only reads, and what is read of it elsewhere. */
export const WAYS: readonly Way[] = [
  ...ENDPOINTS.filter(
    ({ method, path }) => method === 'GET' && path.startsWith('/api/conversations/{id}'),
  ).map((endpoint): Way => ({
    name: `GET ${endpoint.path}`,
    ask: (actor, { conversation, message }) =>
      actor.ask('GET', fill(endpoint, { conversation, event: message, other: actor.id })),
    status: 200,
  })),
  {
    name: 'PUT /api/conversations/{id}/read',
    ask: (actor, { conversation }) => actor.ask('PUT', `/api/conversations/${conversation}/read`, { seq: 3 }),
    status: 204,
  },
  {
    name: 'GET /api/search?conversation=',
    ask: (actor, { conversation }) => actor.ask('GET', `/api/search?q=${WORD}&conversation=${conversation}`),
    status: 200,
  },
  {
    name: 'GET /api/attachments/{id}',
    ask: (actor, _place, file) => actor.ask('GET', `/api/attachments/${file}`),
    status: 200,
  },
]
