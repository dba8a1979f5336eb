import { type Command, type ConversationId, type Event, newId } from '@parley/protocol'
import { tmpdir } from 'node:os'
import pg from 'pg'
import { addAccounts, type TestAccount } from '../kit/accounts.ts'
import { TEXTS } from '../kit/logs.ts'
import { random, type Random } from '../kit/random.ts'
import { type ServerProcess, startServerProcess } from '../kit/server-process.ts'
import { startTcpProxy } from '../kit/tcp-proxy.ts'
import { ClientDevice } from './client-device.ts'
import type { Device, Intention, Watcher } from './device.ts'
import { History } from './history.ts'
import { RawDevice } from './raw-device.ts'
import { Signal } from './signal.ts'

export interface WorldOptions {
  readonly seed: number
  readonly databaseUrl: string
  /** Adds to the server's configuration. */
  readonly environment?: Readonly<Record<string, string>>
}

/** Each device by its person and program: some people have two, some programs are not ours. */
const DEVICES = [
  { who: 'Ana', Program: RawDevice },
  { who: 'Ana', Program: ClientDevice },
  { who: 'Ben', Program: ClientDevice },
  { who: 'Ben', Program: ClientDevice },
  { who: 'Cem', Program: RawDevice },
  { who: 'Dia', Program: ClientDevice },
] as const
export const SETTLE_MS = 60_000

/** People with devices, bad networks and one server that may die; the seed decides what they do. */
export class World {
  readonly history = new History()
  /** This step's own: how much one step draws, which may depend on what a device holds by then, moves no other step. */
  rng: Random
  readonly #seeded: Random
  readonly db: pg.Client
  readonly devices: Device[] = []
  readonly conversations: ConversationId[] = []
  readonly stirred = new Signal()
  server!: ServerProcess
  #accounts: TestAccount[] = []
  /** A start or an end of the server that is under way. */
  #serverTurn: Promise<void> = Promise.resolve()
  #said = 0
  #stepsWithoutServer = 0

  private constructor({ seed, databaseUrl }: WorldOptions) {
    this.#seeded = random(seed)
    this.rng = this.#seeded.fork()
    this.db = new pg.Client({ connectionString: databaseUrl })
    // Its own sessions are among those that the run ends.
    this.db.on('error', () => this.history.count('checks lost their session'))
  }

  static async open(options: WorldOptions): Promise<World> {
    const world = new World(options)
    world.server = await startServerProcess({
      DATABASE_URL: options.databaseUrl,
      DATA_DIR: tmpdir(),
      ...options.environment,
    })
    await world.db.connect()
    const names = [...new Set(DEVICES.map(({ who }) => who))]
    world.#accounts = await addAccounts(world.db, names)
    const watcher: Watcher = {
      stirred: (device) => {
        world.history.look(device)
        world.stirred.fire()
      },
      violated: (device, what) => world.history.violate(`${device.name}: ${what}`),
      lost: (_device, commands) => world.history.lose(commands),
    }
    for (const [i, { who, Program }] of DEVICES.entries()) {
      const network = await startTcpProxy(world.server.port, world.rng.fork())
      const account = world.#accounts[names.indexOf(who)] as TestAccount
      world.devices.push(new Program(`${who}/${i} (${Program.name})`, account, network, watcher))
    }
    try {
      await world.#found()
    } catch (error) {
      await world.close()
      throw error
    }
    return world
  }

  async close(): Promise<void> {
    await this.#serverTurn
    for (const device of this.devices) await device.close()
    await this.server.stop()
    for (const device of this.devices) await device.network.close()
    await this.db.end()
  }

  /** Does what the seed says next. */
  async step(): Promise<void> {
    const rng = (this.rng = this.#seeded.fork())
    // Things go on for a while without the server, then wait for it: how long is counted in what happens, not in time.
    if (this.#stepsWithoutServer > 0 && (this.#stepsWithoutServer -= 1) === 0) await this.#serverTurn
    const device = rng.pick(this.devices)
    const roll = rng.below(1000)
    if (roll < 540) this.#say(device)
    else if (roll < 600) this.#burst(device)
    else if (roll < 660) this.#react(device)
    else if (roll < 710) this.#change(device)
    else if (roll < 740) this.#repeat(device)
    else if (roll < 760) this.#misbehave(device)
    else if (roll < 800) void this.#sayByRest(device)
    else if (roll < 850) this.#cut(device)
    else if (roll < 940) this.#heal(device)
    else if (roll < 970) this.#restart(device)
    else if (roll < 985) await this.#restartServer(rng.chance(0.7) ? 'kill' : 'stop')
    else await this.#loseDatabase()
    // The pace is part of what the seed decides: some things happen within one turn, some apart.
    if (rng.chance(0.6)) await new Promise((resolve) => setTimeout(resolve, rng.below(12)))
  }

  /** Networks heal and the server is up; resolves when every command has its answer and every device has caught up. */
  async settle(): Promise<void> {
    await this.#serverTurn
    for (const { network } of this.devices) network.heal()
    await this.stirred.until(
      () =>
        this.history.unanswered.length === 0 &&
        this.devices.every((device) => device.unanswered().size === 0),
      SETTLE_MS,
      () =>
        `an answer to ${this.history.unanswered.length} commands, the first ${JSON.stringify(this.history.unanswered[0]?.command)}`,
    )
    const tips = await this.tips()
    const behind = (): string[] =>
      this.devices.flatMap((device) =>
        [...tips]
          .filter(
            ([id, { members, seq }]) => members.has(device.account.id) && device.archive(id).length !== seq,
          )
          .map(([id, { seq }]) => `${device.name} has ${device.archive(id).length} of ${seq} in ${id}`),
      )
    await this.stirred.until(
      () => behind().length === 0,
      SETTLE_MS,
      () => behind().join('; '),
    )
  }

  async tips(): Promise<Map<ConversationId, { seq: number; members: Set<string> }>> {
    const { rows } = await this.db.query<{ id: ConversationId; last_seq: string; members: string[] | null }>(
      `SELECT c.id, c.last_seq, (SELECT array_agg(p.user_id) FROM participants p WHERE p.conversation = c.id) AS members
       FROM conversations c WHERE c.deleted_at IS NULL`,
    )
    return new Map(rows.map((row) => [row.id, { seq: Number(row.last_seq), members: new Set(row.members) }]))
  }

  /** The groups everything happens in: one of all, one of some, and one of a single person. */
  async #found(): Promise<void> {
    const founder = this.devices[0] as Device
    for (const members of [this.#accounts, this.#accounts.slice(0, 3), this.#accounts.slice(0, 1)])
      this.#create(
        founder,
        members.map(({ id }) => id),
      )
    await this.stirred.until(
      () => this.history.unanswered.length === 0,
      SETTLE_MS,
      () => `the first conversations; the server says ${this.server.said()}`,
    )
  }

  #create(device: Device, others: readonly string[]): void {
    const members = others.filter((id) => id !== device.account.id)
    const conversation = newId<ConversationId>()
    const command = this.#give(device, {
      type: 'conversation.create',
      conversation,
      kind: 'group',
      title: `Group ${this.conversations.length}`,
      members,
    })
    if (command !== undefined && 'conversation' in command) this.conversations.push(command.conversation)
  }

  #give(device: Device, intention: Intention): Command | undefined {
    const command = device.give(intention)
    if (command === undefined) return undefined
    this.history.give(device, command, 'outbox')
    this.history.count(command.type)
    return command
  }

  /** Mostly one that the device holds something of; now and then one that may not be its own. */
  #place(device: Device): ConversationId {
    const held = this.conversations.filter((id) => device.archive(id).length > 0)
    return this.rng.pick(held.length > 0 && this.rng.chance(0.95) ? held : this.conversations)
  }

  #text(device: Device): string {
    return `${device.name} ${(this.#said += 1)} ${this.rng.pick(TEXTS)}`
  }

  #say(device: Device): void {
    const { rng } = this
    if (rng.chance(0.02))
      this.#create(
        device,
        this.#accounts.filter(() => rng.chance(0.6)).map(({ id }) => id),
      )
    const conversation = this.#place(device)
    const first = this.#give(device, { type: 'message.send', conversation, text: this.#text(device) })
    // Answered before the first is: the reply refers to what only this device knows.
    if (first === undefined) return
    if (rng.chance(0.1))
      this.#give(device, { type: 'message.send', conversation, text: this.#text(device), replyTo: first.id })
    if (rng.chance(0.05))
      this.#give(device, { type: 'reaction.set', conversation, to: first.id, emoji: '👍', on: true })
  }

  #burst(device: Device): void {
    const conversation = this.#place(device)
    for (let left = 1 + this.rng.below(40); left > 0; left--)
      this.#give(device, { type: 'message.send', conversation, text: this.#text(device) })
  }

  #react(device: Device): void {
    const { rng } = this
    const conversation = this.#place(device)
    const messages = device.archive(conversation).filter((event) => event.type === 'message')
    if (messages.length === 0) return
    const to = rng.pick(messages).id
    this.#give(device, {
      type: 'reaction.set',
      conversation,
      to,
      emoji: rng.pick(['👍', '🎉']),
      on: rng.chance(0.7),
    })
  }

  /** Rights and names change while others write: some of what they say will be refused. */
  #change(device: Device): void {
    const { rng } = this
    const conversation = this.#place(device)
    const user = rng.pick(this.#accounts).id
    const change = rng.pick([
      { type: 'conversation.update', conversation, title: `Title ${rng.below(1000)}` },
      { type: 'conversation.update', conversation, archived: rng.chance(0.25) },
      { type: 'member.add', conversation, user },
      { type: 'member.remove', conversation, user },
      { type: 'member.role', conversation, user, role: rng.pick(['admin', 'member', 'owner']) },
    ])
    this.#give(device, change)
  }

  /** The same command again, perhaps from another device of the same person [C1]. */
  #repeat(device: Device): void {
    const own = [...this.history.given.values()].filter(
      (given) => given.device.account.id === device.account.id,
    )
    if (own.length === 0) return
    const given = this.rng.pick(own.slice(-30))
    if (!device.isRunning || !device.again(given.command)) return
    given.times += 1
    this.history.count('repeats')
  }

  /** What no honest program sends; each must be refused and hold up nothing behind it [C2, C3]. */
  #misbehave(device: Device): void {
    const { rng } = this
    const conversation = this.#place(device)
    const send = { type: 'message.send', conversation, text: 'x' }
    this.#give(
      device,
      rng.pick([
        { ...send, text: 'x'.repeat(17 * 1024) },
        { ...send, conversation: newId() },
        { ...send, text: '' },
        { ...send, author: (this.#accounts[0] as TestAccount).id },
        { ...send, replyTo: newId() },
        { type: 'nonsense' },
      ]),
    )
    this.history.count('misbehaved')
  }

  /** The other door: retried under the same id until there is an answer. */
  async #sayByRest(device: Device): Promise<void> {
    const conversation = this.#place(device)
    const text = this.#text(device)
    const command = { id: newId(), createdAt: 0, type: 'message.send', conversation, text } as Command
    const given = this.history.give(device, command, 'rest')
    this.history.count('said by REST')
    const headers = {
      authorization: `Bearer ${device.account.token}`,
      'content-type': 'application/json',
      'idempotency-key': command.id,
    }
    for (let attempt = 0; attempt < 3; attempt++) {
      try {
        const path = `http://127.0.0.1:${device.network.port}/api/conversations/${conversation}/events`
        const answer = await fetch(path, {
          method: 'POST',
          headers,
          body: JSON.stringify({ type: 'message', text }),
        })
        if (answer.status >= 500 || answer.status === 429) continue
        given.answeredAt = performance.now()
        given.isRefused = answer.status !== 201
        if (answer.status === 201) await this.#readBack(device, (await answer.json()) as Event, conversation)
        return
      } catch {
        // Cut off: whether it was said is not known, and the next attempt may say it again.
        await new Promise((resolve) => setTimeout(resolve, 30))
      }
    }
  }

  /** A page that is asked for after the acknowledgement includes the event [L4]. */
  async #readBack(device: Device, event: Event, conversation: ConversationId): Promise<void> {
    const path = `http://127.0.0.1:${device.network.port}/api/conversations/${conversation}/events?after=${event.seq - 1}&limit=1`
    const answer = await fetch(path, { headers: { authorization: `Bearer ${device.account.token}` } })
    if (!answer.ok) return
    const { events } = (await answer.json()) as { events: Event[] }
    if (events[0]?.id !== event.id)
      this.history.violate(`[L4] event ${event.seq} of ${conversation} was acknowledged and cannot be read`)
    this.history.count('read back')
  }

  #cut({ network }: Device): void {
    const { rng } = this
    const how = rng.below(10)
    if (how < 5) network.cut()
    else if (how < 7) network.freeze()
    else if (how < 9) network.tear()
    else network.delay(1 + rng.below(120))
    this.history.count('cuts')
  }

  #heal({ network }: Device): void {
    network.heal()
    this.history.count('heals')
  }

  #restart(device: Device): void {
    device.restart()
    this.history.count('device restarts')
  }

  async #restartServer(how: 'kill' | 'stop'): Promise<void> {
    await this.#serverTurn
    this.#stepsWithoutServer = 1 + this.rng.below(40)
    this.#serverTurn = (how === 'kill' ? this.server.kill() : this.server.stop()).then(() =>
      this.server.start(),
    )
    // A server that does not come back is found where its turn is awaited.
    this.#serverTurn.catch(() => this.history.count('failed restarts'))
    this.history.count(how === 'kill' ? 'kills' : 'stops')
  }

  /** PostgreSQL drops every session of the server, in the middle of whatever they do [N3]. */
  async #loseDatabase(): Promise<void> {
    await this.db.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`,
    )
    this.history.count('database sessions lost')
  }
}
