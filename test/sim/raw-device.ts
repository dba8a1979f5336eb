import { HocuspocusProvider, HocuspocusProviderWebsocket } from '@hocuspocus/provider'
import {
  accountDocument,
  accountMessage,
  accountRoots,
  type Command,
  type CommandId,
  type ConversationId,
  conversationDocument,
  conversationRoots,
  EMPTY_TIP,
  type Event,
  findChainFault,
  newId,
  rest,
} from '@parley/protocol'
import * as Y from 'yjs'
import type { TestAccount } from '../kit/accounts.ts'
import { nodeSha256 } from '../kit/logs.ts'
import type { TcpProxy } from '../kit/tcp-proxy.ts'
import type { Device, Intention, Watcher } from './device.ts'

/** Long enough not to spin, short enough for a run of seconds. */
const RETRY_MS = 40

/**
 * The least program that keeps the promises on its side: the stock provider, the account document on
 * disk, an archive that grows by what follows its last event, gaps filled from REST.
 */
export class RawDevice implements Device {
  readonly name: string
  readonly account: TestAccount
  readonly network: TcpProxy
  readonly #watcher: Watcher
  readonly #disk = { account: [] as Uint8Array[], archives: new Map<ConversationId, Event[]>() }
  #run: Run

  constructor(name: string, account: TestAccount, network: TcpProxy, watcher: Watcher) {
    this.name = name
    this.account = account
    this.network = network
    this.#watcher = watcher
    this.#run = this.#start()
  }

  readonly isRunning = true

  give(intention: Intention): Command {
    const command = { id: newId(), createdAt: Date.now(), ...intention } as unknown as Command
    this.again(command)
    return command
  }

  again(command: Command): boolean {
    accountRoots(this.#run.doc).outbox.push([command])
    return true
  }

  archive(conversation: ConversationId): readonly Event[] {
    return this.#disk.archives.get(conversation) ?? []
  }

  unanswered(): ReadonlySet<CommandId> {
    return new Set(accountRoots(this.#run.doc).outbox.map((entry) => (entry as Command).id))
  }

  refused(): ReadonlySet<CommandId> {
    return new Set([...accountRoots(this.#run.doc).rejections.keys()] as CommandId[])
  }

  restart(): void {
    this.#run.end()
    this.#run = this.#start()
    this.#watcher.stirred(this)
  }

  close(): Promise<void> {
    this.#run.end()
    return Promise.resolve()
  }

  #start(): Run {
    return new Run(this, this.#disk, {
      stirred: () => this.#watcher.stirred(this),
      violated: (what) => this.#watcher.violated(this, what),
    })
  }
}

interface Disk {
  readonly account: Uint8Array[]
  readonly archives: Map<ConversationId, Event[]>
}

interface Reports {
  readonly stirred: () => void
  readonly violated: (what: string) => void
}

/** The program of a device from a start to its end; what it has in memory is gone with it. */
class Run {
  readonly doc = new Y.Doc()
  readonly #device: RawDevice
  readonly #disk: Disk
  readonly #on: Reports
  readonly #socket: HocuspocusProviderWebsocket
  readonly #attached = new Map<ConversationId, HocuspocusProvider>()
  readonly #filling = new Set<ConversationId>()
  readonly #over = new AbortController()

  constructor(device: RawDevice, disk: Disk, on: Reports) {
    this.#device = device
    this.#disk = disk
    this.#on = on
    if (disk.account.length > 0) Y.applyUpdate(this.doc, Y.mergeUpdates(disk.account))
    this.doc.on('update', (update: Uint8Array) => {
      if (this.#over.signal.aborted) return
      disk.account.push(update)
      on.stirred()
    })
    this.#socket = new HocuspocusProviderWebsocket({
      url: `ws://127.0.0.1:${device.network.port}/sync`,
      delay: RETRY_MS,
      minDelay: RETRY_MS,
      maxDelay: RETRY_MS * 4,
    })
    const account = this.#provide(accountDocument(device.account.id), this.doc)
    account.on('synced', () => void this.#discover())
    account.on('stateless', ({ payload }: { payload: string }) => {
      const message = accountMessage.parse(JSON.parse(payload))
      if (message.type === 'activity') this.#attach(message.conversation)
      if (message.type === 'changed' && message.what === 'conversations') void this.#discover()
    })
    account.attach()
    for (const conversation of disk.archives.keys()) this.#attach(conversation)
  }

  /** Nobody is told: the process is gone. */
  end(): void {
    this.#over.abort()
    this.#socket.destroy()
    this.#socket.configuration.providerMap.clear()
    for (const provider of this.#attached.values()) provider.destroy()
  }

  #provide(name: string, document: Y.Doc): HocuspocusProvider {
    const provider = new HocuspocusProvider({
      websocketProvider: this.#socket,
      name,
      document,
      token: this.#device.account.token,
      awareness: null,
    })
    const again = (): void => {
      if (this.#over.signal.aborted || !provider.isAttached) return
      provider.detach()
      provider.attach()
    }
    provider.on('authenticationFailed', ({ reason }: { reason: string }) => {
      if (reason === 'unavailable') setTimeout(again, RETRY_MS)
      else this.#leave(name, provider, reason)
    })
    provider.on('close', ({ event }: { event: { code: number; reason: string } }) => {
      // 1000 is what the provider calls the end of one document; the socket's own end is retried below us.
      if (event.code !== 1000 || this.#over.signal.aborted) return
      if (event.reason === 'forbidden') this.#leave(name, provider, event.reason)
      else setTimeout(again, RETRY_MS)
    })
    return provider
  }

  #leave(name: string, provider: HocuspocusProvider, reason: string): void {
    if (name.startsWith('account/')) {
      this.#on.violated(`its own account was denied: ${reason}`)
      return
    }
    for (const [conversation, attached] of this.#attached)
      if (attached === provider) this.#attached.delete(conversation)
    setTimeout(() => provider.destroy(), 0)
  }

  #attach(conversation: ConversationId): void {
    if (this.#attached.has(conversation) || this.#over.signal.aborted) return
    const doc = new Y.Doc()
    const provider = this.#provide(conversationDocument(conversation), doc)
    this.#attached.set(conversation, provider)
    doc.on('update', () => this.#take(conversation, doc))
    provider.attach()
  }

  /** Takes from the live document what follows the archive, and sees to what is missing between them. */
  #take(conversation: ConversationId, doc: Y.Doc): void {
    const window = conversationRoots(doc).events.toArray()
    const [first] = window
    if (first === undefined || this.#over.signal.aborted) return
    const archive = this.#archive(conversation)
    for (const event of window) {
      const held = archive[event.seq - 1]
      if (held !== undefined && held.hash !== event.hash)
        this.#on.violated(`event ${event.seq} of ${conversation} changed`)
    }
    if (first.seq > archive.length + 1) void this.#fill(conversation, doc)
    else this.#append(conversation, window.slice(archive.length + 1 - first.seq))
  }

  async #fill(conversation: ConversationId, doc: Y.Doc): Promise<void> {
    if (this.#filling.has(conversation)) return
    this.#filling.add(conversation)
    try {
      const page = await this.#get(
        `/api/conversations/${conversation}/events?after=${this.#archive(conversation).length}&limit=1000`,
      )
      this.#append(conversation, rest.eventPage.parse(page).events)
    } catch {
      // The network or the server is away; there is another try as long as there is a gap.
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS))
    } finally {
      this.#filling.delete(conversation)
    }
    this.#take(conversation, doc)
  }

  #append(conversation: ConversationId, events: readonly Event[]): void {
    const archive = this.#archive(conversation)
    const fresh = events.filter(({ seq }) => seq > archive.length)
    if (fresh.length === 0 || this.#over.signal.aborted) return
    const fault = findChainFault(archive.at(-1) ?? EMPTY_TIP, fresh, nodeSha256)
    if (fault === undefined) archive.push(...fresh)
    else this.#on.violated(`${conversation} after ${archive.length}: ${JSON.stringify(fault)}`)
    this.#on.stirred()
  }

  #archive(conversation: ConversationId): Event[] {
    let archive = this.#disk.archives.get(conversation)
    if (archive === undefined) this.#disk.archives.set(conversation, (archive = []))
    return archive
  }

  async #discover(): Promise<void> {
    try {
      const { conversations } = rest.conversationList.parse(await this.#get('/api/conversations?limit=200'))
      for (const { id } of conversations) this.#attach(id)
    } catch {
      if (this.#over.signal.aborted) return
      setTimeout(() => void this.#discover(), RETRY_MS)
    }
  }

  async #get(path: string): Promise<unknown> {
    const answer = await fetch(`http://127.0.0.1:${this.#device.network.port}${path}`, {
      headers: { authorization: `Bearer ${this.#device.account.token}`, connection: 'close' },
      signal: this.#over.signal,
    })
    if (!answer.ok) throw new Error(`${path}: ${answer.status}`)
    return answer.json()
  }
}
