import { type AttachmentId, type Command, type ConversationId, newId, type UserId } from '@parley/protocol'
import type pg from 'pg'
import { addAccounts } from '../kit/accounts.ts'
import type { Actor, Doors, Verdict } from '../kit/doors.ts'
import { type Case, type Door, perform, refusalOf, viaOutbox } from './cases.ts'
import { castOf, directPlaces, type Shared, STANDINGS } from './cast.ts'
import { type Cast, isCorner, type Place, placeOf, type Setting, SETTINGS, setting } from './places.ts'
import { attachRow, type Row, rowsOf, type Targets } from './rows.ts'

export const DOORS: readonly Door[] = ['REST', 'outbox']

/** From this size on, everyone is for admins and owners to mention. */
const CROWDS = [50, 51]
export const CROWDED = CROWDS.map((size) => `group of ${size}`)
export const IN_CROWDS = ['owner', 'admin', 'member'] as const

export interface Walk {
  readonly shared: readonly Shared[]
  readonly cases: readonly Case[]
  readonly verdicts: ReadonlyMap<Case, Verdict>
  /** Where the log of each place ended before anybody did anything. */
  readonly before: ReadonlyMap<ConversationId, number>
  /** What somebody who is not a member is answered by a place that does not exist, by row and door. */
  readonly nowhere: ReadonlyMap<string, Verdict>
}

export const nowhereKey = ({ row, door, actor }: Pick<Case, 'row' | 'door' | 'actor'>): string =>
  `${actor.id} ${row.name} ${door}`

/** Sets up a place for every case, then has everybody do everything by both doors. */
export async function walk(doors: Doors, pool: pg.Pool): Promise<Walk> {
  const cast = await castOf(doors, pool)
  const planner = new Planner(cast)
  for (const where of SETTINGS) planner.planFor(where)
  for (const size of CROWDS) planner.planForCrowd(size, await peopleOf(pool, size))
  await viaOutbox(cast.owner, planner.preparing)
  for (const { place, actors } of await directPlaces(doors, pool, cast.stranger))
    planner.planDirect(place, actors)
  await planner.giveFiles(pool)
  const { rows } = await pool.query<{ id: ConversationId; last_seq: string }>(
    `SELECT id, last_seq FROM conversations`,
  )
  const verdicts = await perform(planner.cases)
  const nowhere = await perform(planner.nowhere)
  return {
    shared: planner.shared,
    cases: planner.cases,
    verdicts,
    before: new Map(rows.map((row) => [row.id, Number(row.last_seq)])),
    nowhere: new Map([...nowhere].map(([each, verdict]) => [nowhereKey(each), verdict])),
  }
}

const peopleOf = async (pool: pg.Pool, size: number): Promise<UserId[]> =>
  (
    await addAccounts(
      pool,
      Array.from({ length: size - 6 }, (_, n) => `Crowd${n}`),
    )
  ).map(({ id }) => id)

class Planner {
  readonly cases: Case[] = []
  readonly nowhere: Case[] = []
  readonly shared: Shared[] = []
  /** What the owner does to set everything up. */
  readonly preparing: Command[] = []
  readonly #cast: Cast
  readonly #files = new Map<string, { id: AttachmentId; user: UserId; conversation: ConversationId }>()
  readonly #attach: Row

  constructor(cast: Cast) {
    this.#cast = cast
    this.#attach = attachRow((user, conversation) => {
      const key = `${user} ${conversation}`
      const file = this.#files.get(key) ?? { id: newId<AttachmentId>(), user, conversation }
      this.#files.set(key, file)
      return file.id
    })
  }

  planFor(where: Setting): void {
    const shared = this.#place(where)
    const actors = new Map(STANDINGS.map((standing) => [standing, this.#cast[standing]]))
    this.shared.push({ place: shared, actors })
    for (const actor of actors.values()) {
      const rows = [...rowsOf(this.#targets(where, actor)), this.#attach]
      for (const door of DOORS) {
        for (const row of rows)
          // By one door everything is tried with everything; by the other what can make a difference.
          if (door === 'outbox' || row.isOfRanks === undefined || isCorner(where))
            this.#plan(row, actor, door, shared, () => this.#place(where))
        if (shared.governed?.members.has(actor.id) !== true) this.#planNowhere(rows, actor, door)
      }
    }
  }

  /** Only who may mention everyone depends on how many there are. */
  planForCrowd(size: number, more: readonly UserId[]): void {
    const place = this.#place({ ...setting('group'), name: `group of ${size}` }, more)
    const actors = new Map(IN_CROWDS.map((standing) => [standing, this.#cast[standing]]))
    this.shared.push({ place, actors })
    for (const actor of actors.values())
      for (const row of rowsOf(this.#targets(place.setting, actor)))
        if (row.name === 'mention everyone')
          for (const door of DOORS) this.#plan(row, actor, door, place, () => place)
  }

  planDirect(place: Place, actors: ReadonlyMap<string, Actor>): void {
    this.shared.push({ place, actors })
    for (const [standing, actor] of actors) {
      const members = [...(place.governed?.members ?? [])]
      const others = members.map(([user, { role }]) => ({
        name: `the ${role}`,
        user,
        role,
        isSelf: user === actor.id,
      }))
      const rows = [...rowsOf({ newcomer: this.#cast.newcomer, blocker: undefined, others }), this.#attach]
      for (const door of DOORS) {
        for (const row of rows) this.#plan(row, actor, door, place, () => place)
        if (standing === 'stranger') this.#planNowhere(rows, actor, door)
      }
    }
  }

  /** The files that will be attached: each as if its uploader had uploaded it there. */
  async giveFiles(pool: pg.Pool): Promise<void> {
    const files = [...this.#files.values()]
    await pool.query(
      `INSERT INTO attachments (id, conversation, uploader, name, media_type, bytes, sha256, created_at)
       SELECT id, conversation, uploader, 'file.txt', 'text/plain', 4, '\\x00', 0
       FROM unnest($1::uuid[], $2::uuid[], $3::uuid[]) AS f (id, conversation, uploader)
       WHERE EXISTS (SELECT FROM conversations c WHERE c.id = conversation)`,
      [
        files.map(({ id }) => id),
        files.map(({ conversation }) => conversation),
        files.map(({ user }) => user),
      ],
    )
  }

  #plan(row: Row, actor: Actor, door: Door, shared: Place, fresh: () => Place): void {
    const refusal = refusalOf(row, actor.id, shared)
    const isLasting = refusal === undefined && row.isSpeech === undefined
    const place = isLasting ? fresh() : shared
    this.cases.push({ row, actor, place, door, refusal, command: row.command(actor.id, place) })
  }

  #planNowhere(rows: readonly Row[], actor: Actor, door: Door): void {
    const place: Place = {
      setting: setting('group'),
      conversation: newId(),
      message: newId(),
      governed: undefined,
    }
    for (const row of rows)
      if (!this.nowhere.some((each) => nowhereKey(each) === nowhereKey({ row, actor, door })))
        this.nowhere.push({
          row,
          actor,
          door,
          place,
          refusal: 'forbidden',
          command: row.command(actor.id, place),
        })
  }

  #place(where: Setting, more: readonly UserId[] = []): Place {
    const { place, commands, closing } = placeOf(this.#cast, where, more)
    this.preparing.push(...commands, ...closing)
    return place
  }

  #targets({ hasSecondOwner }: Setting, actor: Actor): Targets {
    const { owner, owner2, admin2, member2, newcomer, blocker } = this.#cast
    const others = [
      { name: 'the owner', user: owner.id, role: 'owner' },
      { name: 'the other owner', user: owner2, role: 'owner' },
      { name: 'an admin', user: admin2, role: 'admin' },
      { name: 'a member', user: member2, role: 'member' },
      { name: 'somebody outside', user: newcomer, role: undefined },
    ] as const
    return {
      newcomer,
      blocker,
      others: others
        .filter(({ user }) => user !== owner2 || hasSecondOwner)
        .map((other) => ({ ...other, isSelf: other.user === actor.id })),
    }
  }
}
