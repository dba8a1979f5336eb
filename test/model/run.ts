import { accountRoots, type Command, type ConversationId, rest, type UserId } from '@parley/protocol'
import { type Actor, type Doors, intend as put, type Verdict } from '../kit/doors.ts'
import type { Given, Scene } from './choices.ts'
import { commandOf } from './command-of.ts'
import { explain, learnIds } from './explain.ts'
import { intend } from './intend.ts'
import { look, type Seen, unlike } from './look.ts'
import { untilSynced } from './observe.ts'
import { within } from './patience.ts'
import { erase } from './people.ts'
import { DAY_MS, MODEL_LIMITS, PRELUDE } from './prelude.ts'
import { type Act, type Door, type Lane, PEOPLE, type Step } from './steps.ts'
import { plan, play, verdictsOf } from './together.ts'
import { attempt } from './verdicts.ts'
import { emptyWorld, read, type Talk, talkOf, type World } from './world.ts'

interface Waiting {
  readonly commands: Command[]
  readonly reads: Map<ConversationId, number>
}

/** How often what came to what: a run in which nothing was accepted, or nothing refused, shows nothing. */
export type Counts = Map<string, number>

let runs = 0

/** The server and the model, going through the same story. */
export class Run {
  #world: World = emptyWorld(MODEL_LIMITS)
  readonly #doors: Doors
  readonly #actors: readonly Actor[]
  readonly #counts: Counts
  readonly #given: Given[] = []
  /** Who is offline, and what waits on their device. */
  readonly #offline = new Map<UserId, Waiting>()
  readonly #tag = `run-${process.pid}-${(runs += 1)}`
  /** What was done, for whoever has to find out why it came to something else. */
  readonly #told: string[] = []

  private constructor(doors: Doors, actors: readonly Actor[], counts: Counts) {
    this.#doors = doors
    this.#actors = actors
    this.#counts = counts
    for (const { id, name } of actors) this.#world.people.set(id, { name, isDeleted: false })
  }

  /** Tells the whole story, and compares everything at its end; rejects with the first difference. */
  static async tell(doors: Doors, story: readonly Step[], counts: Counts = new Map()): Promise<void> {
    const names = Array.from({ length: PEOPLE }, (_, n) => `Person ${n}`)
    const run = new Run(doors, await doors.actors(...names), counts)
    try {
      for (const step of [...PRELUDE, ...story]) await run.#step(step)
      await run.#everybodyOnline()
      await run.#look()
    } catch (cause) {
      const what = cause instanceof Error ? cause.message : String(cause)
      throw new Error(`${what}\n\nwhat was done:\n${run.#told.join('\n')}`, { cause })
    } finally {
      for (const actor of run.#actors) actor.goOffline()
    }
  }

  get #alive(): readonly Actor[] {
    return this.#actors.filter(({ id }) => this.#world.people.get(id)?.isDeleted === false)
  }

  #actor(user: UserId): Actor {
    return this.#actors.find(({ id }) => id === user) as Actor
  }

  async #step(step: Step): Promise<void> {
    const alive = this.#alive
    const actor = alive[('who' in step ? step.who : 0) % alive.length] as Actor
    switch (step.do) {
      case 'act':
        return this.#act(actor, step.door, step.act)
      case 'read':
        return this.#read(actor, step.door, step.in, step.seq)
      case 'offline':
        if (!this.#offline.has(actor.id)) this.#offline.set(actor.id, { commands: [], reads: new Map() })
        return actor.goOffline()
      case 'online':
        return this.#online(actor)
      case 'wait':
        this.#world.now += DAY_MS
        return this.#doors.advance(DAY_MS)
      case 'restart':
        this.#told.push('the server is restarted')
        this.#count('restarts')
        return this.#doors.restart()
      case 'erase':
        // With two people left there is not much to say.
        return alive.length > 3 ? this.#erase(actor) : undefined
      case 'look':
        return this.#look()
      case 'together':
        await this.#everybodyOnline()
        return this.#together(step.lanes)
    }
  }

  async #act(actor: Actor, door: Door, act: Act): Promise<void> {
    const waiting = this.#offline.get(actor.id)
    const command = commandOf({ ...this.#scene(), world: this.#worldOf(actor, waiting) }, actor.id, act)
    if (command === undefined) return
    // How far one has read is in no order with what one says: what bears on the other is left out.
    if (waiting !== undefined && 'conversation' in command && waiting.reads.has(command.conversation)) return
    if (act.do !== 'repeat') this.#given.push({ author: actor.id, command })
    if (door === 'rest') {
      this.#tell(actor, 'by REST', command)
      this.#hold(actor, 'rest', command, await within('an answer', actor.rest(command)))
    } else if (waiting === undefined) {
      this.#tell(actor, 'by the outbox', command)
      const [verdict] = await within('the outbox', actor.outbox(command))
      this.#hold(actor, 'outbox', command, verdict)
    } else {
      this.#tell(actor, 'offline', command)
      waiting.commands.push(command)
      put(actor.account(), [command])
    }
  }

  /** What somebody knows: also what they have done offline, as if it had happened. */
  #worldOf({ id }: Actor, waiting: Waiting | undefined): World {
    if (waiting === undefined) return this.#world
    const world = structuredClone(this.#world)
    for (const command of waiting.commands) intend(world, id, command, true)
    return world
  }

  /** Holds what the server answered against what the model says. */
  #hold({ id: author }: Actor, door: Door, command: Command, verdict: Verdict | undefined): void {
    const { fate, fault } = attempt(this.#world, { author, door, command, verdict, isOvertaken: false })
    if (fault !== undefined) throw new Error(fault)
    this.#count(`${command.type} ${fate}`)
    if (verdict !== undefined) this.#count(`${door} ${verdict.accepted ? 'accepted' : verdict.code}`)
  }

  async #read(actor: Actor, door: Door, n: number, seq: number): Promise<void> {
    const all = [...this.#world.conversations.values()]
    const own = all.filter(({ id }) => talkOf(this.#world, id, actor.id) !== undefined)
    const from = n < 80 && own.length > 0 ? own : all
    const talk = from[n % from.length]
    if (talk === undefined) return
    const waiting = this.#offline.get(actor.id)
    this.#told.push(`${actor.name} reads ${talk.id} to ${seq} by ${door}`)
    if (door === 'rest') await this.#readByRest(actor, talk, seq)
    else if (waiting === undefined) {
      accountRoots(actor.device().account().doc).reads.set(talk.id, seq)
      read(this.#world, actor.id, talk.id, seq)
      await this.#untilRead(actor, talk)
    } else {
      const isTouched = waiting.commands.some(
        (each) => 'conversation' in each && each.conversation === talk.id,
      )
      if (isTouched || !own.includes(talk)) return
      // Beyond the end it would depend on what others say until it is known.
      waiting.reads.set(talk.id, Math.min(seq, talk.log.length))
      accountRoots(actor.account()).reads.set(talk.id, Math.min(seq, talk.log.length))
    }
    this.#count('read')
  }

  async #readByRest(actor: Actor, talk: Talk, seq: number): Promise<void> {
    const { status } = await actor.ask('PUT', `/api/conversations/${talk.id}/read`, { seq })
    const should = talkOf(this.#world, talk.id, actor.id) === undefined ? 403 : 204
    if (status !== should) throw new Error(`a read position was answered ${status}, not ${should}`)
    read(this.#world, actor.id, talk.id, seq)
  }

  /** Nobody is told when a position from a document has arrived; what follows it in the outbox comes after it. */
  async #untilRead(actor: Actor, { id }: Talk): Promise<void> {
    const noEffect = commandOf(this.#scene(), actor.id, { do: 'unblock', user: 99 })
    if (noEffect !== undefined) await within('the outbox', actor.outbox(noEffect))
    const position = talkOf(this.#world, id, actor.id)?.members.get(actor.id)?.read
    if (position === undefined) return
    const arrived = async (): Promise<void> => {
      for (;;) {
        const { readSeq } = (await actor.ask('GET', `/api/conversations/${id}`)).as(rest.conversationSummary)
        if (readSeq === position) return
        await new Promise((resolve) => setImmediate(resolve))
      }
    }
    await within(`that ${actor.name} has read ${id} to ${position}`, arrived())
  }

  async #everybodyOnline(): Promise<void> {
    for (const user of [...this.#offline.keys()]) await this.#online(this.#actor(user))
  }

  /** What waited goes out in its order, all of it at once. */
  async #online(actor: Actor): Promise<void> {
    const waiting = this.#offline.get(actor.id)
    if (waiting === undefined) return
    this.#told.push(`${actor.name} is online again`)
    this.#offline.delete(actor.id)
    await untilSynced(actor)
    const { doc, until } = actor.device().account()
    await within(
      'what was written offline',
      until(() => accountRoots(doc).outbox.length === 0),
    )
    const verdicts = verdictsOf(actor, waiting.commands)
    for (const [i, command] of waiting.commands.entries()) this.#hold(actor, 'outbox', command, verdicts[i])
    for (const [conversation, seq] of waiting.reads) {
      read(this.#world, actor.id, conversation, seq)
      const talk = talkOf(this.#world, conversation, actor.id)
      if (talk !== undefined) await this.#untilRead(actor, talk)
    }
    this.#count('flushed', waiting.commands.length)
  }

  async #erase(actor: Actor): Promise<void> {
    this.#told.push(`${actor.name} deletes their account`)
    actor.goOffline()
    this.#offline.delete(actor.id)
    const { status } = await actor.ask('DELETE', '/api/users/me')
    if (status !== 204) throw new Error(`deleting an account was answered ${status}`)
    erase(this.#world, actor.id)
    this.#count('erased')
  }

  /** Compares what everybody sees with what the model says they see. */
  async #look(): Promise<void> {
    const seen = await this.#see([...this.#world.conversations.keys()], true)
    const faults = unlike(seen, this.#world)
    if (faults.length > 0) throw new Error(`somebody sees what is not so:\n${faults.join('\n')}`)
    this.#count('looks')
  }

  async #see(conversations: readonly ConversationId[], isWhole: boolean): Promise<Seen> {
    const people = this.#actors.map(({ id }) => id)
    const seen = await look(
      this.#alive,
      { people, conversations, tag: this.#tag, isWhole },
      ({ id }) => !this.#offline.has(id),
    )
    learnIds(this.#world, seen.logs)
    return seen
  }

  /** Several people act at the same moment; what came of it must be what some order of it comes to. */
  async #together(lanes: readonly Lane[]): Promise<void> {
    const given = [...this.#given]
    const planned = plan(lanes, this.#alive, this.#scene(), given)
    for (const { actor, door, commands } of planned)
      for (const command of commands) this.#tell(actor, `at once, by ${door}`, command)
    const played = await Promise.all(planned.map(play))
    const created = played.flatMap(({ commands }) =>
      commands.flatMap((command) => (command.type === 'conversation.create' ? [command.conversation] : [])),
    )
    const conversations = [...new Set([...this.#world.conversations.keys(), ...created])]
    const seen = await this.#see(conversations, false)
    for (const { commands, verdicts } of played)
      for (const [i, { id }] of commands.entries()) this.#told.push(`${id} was ${inWords(verdicts[i])}`)
    const explained = explain(this.#world, played, seen.logs, (world) => unlike(seen, world))
    if ('obstacles' in explained)
      throw new Error(`no order of what was done at once explains it:\n${explained.obstacles.join('\n')}`)
    this.#world = explained.world
    this.#given.push(...given.slice(this.#given.length))
    this.#count('together')
  }

  #scene(): Scene {
    const people = this.#actors.map(({ id }) => id)
    return { world: this.#world, people, given: this.#given, tag: this.#tag, now: Date.now() }
  }

  #tell(actor: Actor, how: string, { id, createdAt: _createdAt, ...command }: Command): void {
    this.#told.push(`${actor.name} (${actor.id}) ${how}, ${id}: ${JSON.stringify(command)}`)
  }

  #count(what: string, by = 1): void {
    this.#counts.set(what, (this.#counts.get(what) ?? 0) + by)
  }
}

const inWords = (verdict: Verdict | undefined): string =>
  verdict === undefined ? 'answered somehow' : verdict.accepted ? 'accepted' : `refused as ${verdict.code}`
