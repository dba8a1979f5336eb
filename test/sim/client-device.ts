import {
  type Account,
  type Client,
  type DeviceStorage,
  memoryStorage,
  openClient,
  type Store,
} from '@parley/client'
import { systemClock, systemFetch } from '@parley/client/system'
import {
  type Command,
  type CommandId,
  type ConversationId,
  EMPTY_TIP,
  type Event,
  type EventId,
  findChainFault,
  type Role,
  type UserId,
} from '@parley/protocol'
import type { TestAccount } from '../kit/accounts.ts'
import { nodeSha256 } from '../kit/logs.ts'
import type { TcpProxy } from '../kit/tcp-proxy.ts'
import type { Device, Intention, Watcher } from './device.ts'

/** Parley's own client as people have it, on a disk in memory. */
export class ClientDevice implements Device {
  readonly name: string
  readonly account: TestAccount
  readonly network: TcpProxy
  readonly #watcher: Watcher
  readonly #disk = memoryStorage()
  #run: Run | undefined
  #starting: Promise<void>

  constructor(name: string, account: TestAccount, network: TcpProxy, watcher: Watcher) {
    this.name = name
    this.account = account
    this.network = network
    this.#watcher = watcher
    this.#starting = this.#start()
  }

  get isRunning(): boolean {
    return this.#run !== undefined
  }

  give(intention: Intention): Command | undefined {
    return this.#run?.give(intention)
  }

  /** A person has no way to say the same again: what looks like it is a new command. */
  again(): boolean {
    return false
  }

  archive(conversation: ConversationId): readonly Event[] {
    return this.#run?.archives.get(conversation) ?? []
  }

  unanswered(): ReadonlySet<CommandId> {
    return this.#run?.listed((state) => state !== 'refused') ?? new Set()
  }

  refused(): ReadonlySet<CommandId> {
    return this.#run?.listed((state) => state === 'refused') ?? new Set()
  }

  restart(): void {
    const ended = this.#run
    if (ended === undefined) return
    this.#run = undefined
    this.#watcher.lost(this, ended.end())
    this.#starting = this.#start()
  }

  async close(): Promise<void> {
    await this.#starting
    this.#run?.end()
  }

  async #start(): Promise<void> {
    const { port } = this.network
    const fence = { isDown: false }
    const storage = fenced(this.#disk, fence)
    for (;;) {
      const client = await openClient({
        url: `http://127.0.0.1:${port}`,
        token: this.account.token,
        storage,
        clock: systemClock,
        WebSocket,
        fetch: systemFetch,
      })
      const session = client.session.get()
      if (session.state !== 'signed-out') {
        const store = await this.#disk.open(this.account.id, () => undefined)
        this.#run = new Run(client, session.account, store, fence, {
          stirred: () => this.#watcher.stirred(this),
          violated: (what) => this.#watcher.violated(this, what),
        })
        this.#watcher.stirred(this)
        return
      }
      // The very first start needs the server once, to learn who the token is.
      client.close()
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
}

/** A disk that takes nothing more from a program that has crashed. */
function fenced(disk: DeviceStorage, fence: { isDown: boolean }): DeviceStorage {
  const guard = <T extends object>(target: T): T =>
    new Proxy(target, {
      get: (object, key) => {
        const member: unknown = Reflect.get(object, key)
        if (typeof member !== 'function') return member
        return (...args: unknown[]): unknown =>
          fence.isDown && key !== 'close'
            ? new Promise(() => undefined)
            : (member.apply(object, args) as unknown)
      },
    })
  return guard<DeviceStorage>({
    ...disk,
    open: async (user, onFault) => guard(await disk.open(user, onFault)),
  })
}

interface Reports {
  readonly stirred: () => void
  readonly violated: (what: string) => void
}

/** The program of a device from a start to its end. */
class Run {
  /** What the disk holds, read anew by this run. */
  readonly archives = new Map<ConversationId, Event[]>()
  readonly #client: Client
  readonly #account: Account
  readonly #store: Store
  readonly #fence: { isDown: boolean }
  readonly #on: Reports
  readonly #unsaved = new Set<CommandId>()
  #reading = false
  #isStale = false

  constructor(client: Client, account: Account, store: Store, fence: { isDown: boolean }, on: Reports) {
    this.#client = client
    this.#account = account
    this.#store = store
    this.#fence = fence
    this.#on = on
    const stir = (): void => {
      if (fence.isDown) return
      on.stirred()
      void this.#read()
    }
    account.commands.subscribe(stir)
    account.conversations.subscribe(stir)
    account.history.subscribe(stir)
    void this.#read()
  }

  give(intention: Intention): Command | undefined {
    const asked = this.#ask(intention)
    if (asked === undefined) return undefined
    // With a new conversation, the client also answers its id.
    const { saved, ...given } = asked
    this.#unsaved.add(given.id)
    void saved.then((answer) => {
      if (answer.saved) this.#unsaved.delete(given.id)
      else this.#on.violated(`its disk did not keep ${given.id}`)
    })
    return { createdAt: 0, ...intention, ...given } as unknown as Command
  }

  #ask({ type, ...fields }: Intention): ReturnType<Account['send']> | undefined {
    const account = this.#account
    // Intentions are made by the simulation, each with the fields of its type.
    const { conversation, user, to, role, emoji, on, text, replyTo, title, archived, members, author } =
      fields as {
        conversation: ConversationId
        user: UserId
        to: EventId
        role: Role
        emoji: string
        on: boolean
        text: string
        replyTo?: EventId
        title?: string
        archived?: boolean
        members?: UserId[]
        author?: UserId
      }
    if (author !== undefined) return undefined
    switch (type) {
      case 'message.send':
        return account.send(conversation, replyTo === undefined ? { text } : { text, replyTo })
      case 'reaction.set':
        return account.react(conversation, to, emoji, on)
      case 'conversation.update':
        return account.updateConversation(
          conversation,
          title === undefined ? { archived: archived ?? false } : { title },
        )
      case 'conversation.create':
        return account.createConversation({ kind: 'group', title: title ?? '', members: members ?? [] })
      case 'member.add':
        return account.addMember(conversation, user, role)
      case 'member.remove':
        return account.removeMember(conversation, user)
      case 'member.role':
        return account.changeRole(conversation, user, role)
      default:
        return undefined
    }
  }

  listed(isIt: (state: string) => boolean): ReadonlySet<CommandId> {
    const listed = this.#account.commands.get().filter(({ fate }) => isIt(fate.state))
    return new Set(listed.map(({ id }) => id))
  }

  /** Answers what was not on disk yet. */
  end(): readonly CommandId[] {
    this.#fence.isDown = true
    this.#client.close()
    return [...this.#unsaved]
  }

  /** Brings the copy of what is on disk up to date, checking what is added. */
  async #read(): Promise<void> {
    this.#isStale = true
    if (this.#reading) return
    this.#reading = true
    while (this.#isStale && !this.#fence.isDown) {
      this.#isStale = false
      for (const conversation of (await this.#store.holdings()).keys()) await this.#readLog(conversation)
    }
    this.#reading = false
    if (!this.#fence.isDown) this.#on.stirred()
  }

  async #readLog(conversation: ConversationId): Promise<void> {
    let archive = this.archives.get(conversation)
    if (archive === undefined) this.archives.set(conversation, (archive = []))
    const events = await this.#store.events(conversation, {
      after: archive.length,
      limit: 10_000,
      from: 'oldest',
    })
    // Newer stretches may be there before older ones: only what is whole from the start is compared.
    const start = archive.length
    const whole = events.filter(({ seq }, i) => seq === start + i + 1)
    const fault = findChainFault(archive.at(-1) ?? EMPTY_TIP, whole, nodeSha256)
    if (fault === undefined) archive.push(...whole)
    else this.#on.violated(`${conversation} after ${archive.length}: ${JSON.stringify(fault)}`)
  }
}
