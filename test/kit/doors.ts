import {
  accountDocument,
  accountRoots,
  type Code,
  type Command,
  type Limits,
  type Millis,
  type UserId,
} from '@parley/protocol'
import type pg from 'pg'
import * as Y from 'yjs'
import { addAccounts, type TestAccount } from './accounts.ts'
import { type Answer, type Ask, toAnswer } from './api.ts'
import { requestOf } from './command-request.ts'
import { UNHURRIED } from './limits.ts'
import { startTestServer } from './server.ts'
import { connectDevice, type Device } from './sync-server.ts'

/** What a person is told of a command, whichever door it went through. */
export type Verdict =
  | { readonly accepted: true; readonly answer?: Answer }
  | { readonly accepted: false; readonly code: Code; readonly message: string; readonly answer?: Answer }

/** Somebody who can go through both doors: REST, and the outbox of a program with the stock provider. */
export interface Actor {
  readonly id: UserId
  readonly name: string
  readonly token: string
  readonly ask: Ask
  rest(command: Command): Promise<Verdict>
  /** Puts the commands into the outbox in one go; resolves when it is empty. */
  outbox(...commands: readonly Command[]): Promise<Verdict[]>
  /** Started at the first use; with the documents of the one before, if there was one. */
  device(): Device
  /** The account document on the device's disk, which can be written while there is no device. */
  account(): Y.Doc
  /** Ends the program and keeps its disk. */
  goOffline(): void
}

export interface Doors {
  /** Where the server is now; another place after a restart. */
  readonly url: string
  actors(...names: string[]): Promise<Actor[]>
  /** Turns the clock of the server. */
  advance(millis: Millis): void
  /** Stops the server in order and starts another on the same database; every device is offline then. */
  restart(): Promise<void>
  close(): Promise<void>
}

export interface DoorsOptions {
  readonly pool: pg.Pool
  readonly databaseUrl: string
  readonly limits?: Partial<Limits>
}

/** The whole server, and people who use it by both doors. */
export async function openDoors({ pool, databaseUrl, limits }: DoorsOptions): Promise<Doors> {
  let ahead = 0
  const start = () =>
    startTestServer({
      database: { url: databaseUrl, drop: () => Promise.resolve() },
      limits: { ...UNHURRIED, ...limits },
      now: () => Date.now() + ahead,
    })
  let server = await start()
  const everybody: Actor[] = []
  const stop = async (): Promise<void> => {
    for (const actor of everybody) actor.goOffline()
    await server.close()
  }
  return {
    get url() {
      return server.url
    },
    async actors(...names) {
      const accounts = await addAccounts(pool, names)
      const actors = accounts.map((account) => createActor(() => server.url, account))
      everybody.push(...actors)
      return actors
    },
    advance: (millis) => {
      ahead += millis
    },
    async restart() {
      await stop()
      server = await start()
    },
    close: stop,
  }
}

function createActor(url: () => string, { id, name, token }: TestAccount): Actor {
  const disk = new Map<string, Y.Doc>()
  let running: Device | undefined
  const device = (): Device =>
    (running ??= connectDevice(`${url().replace('http', 'ws')}/sync`, id, token, disk))
  const ask: Ask = async (method, path, body, headers = {}) => {
    const response = await fetch(`${url()}${path}`, {
      method,
      headers: {
        Authorization: `Bearer ${token}`,
        ...(body !== undefined && { 'Content-Type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && {
        body: typeof body === 'string' || isBytes(body) ? body : JSON.stringify(body),
      }),
    })
    return toAnswer(`${method} ${path}`, response)
  }
  return {
    id,
    name,
    token,
    ask,
    device,
    async rest(command) {
      const { method, path, body, isKeyed } = requestOf(command)
      const answer = await ask(method, path, body, isKeyed ? { 'Idempotency-Key': command.id } : {})
      if (answer.status < 400) return { accepted: true, answer }
      const { code, message } = answer.error
      return { accepted: false, code: code as Code, message, answer }
    },
    async outbox(...commands) {
      const account = device().account()
      intend(account.doc, commands)
      await account.until(() => accountRoots(account.doc).outbox.length === 0)
      return commands.map((command) => verdictOf(account.doc, command))
    },
    account() {
      const documentName = accountDocument(id)
      const doc = disk.get(documentName) ?? new Y.Doc()
      disk.set(documentName, doc)
      return doc
    },
    goOffline() {
      running?.close()
      running = undefined
    },
  }
}

const isBytes = (body: unknown): body is Uint8Array<ArrayBuffer> => body instanceof Uint8Array

/** Puts commands into an outbox, as a device does: what is tried again is no longer listed as refused. */
export function intend(account: Y.Doc, commands: readonly Command[]): void {
  const { outbox, rejections } = accountRoots(account)
  account.transact(() => {
    for (const { id } of commands) rejections.delete(id)
    outbox.push([...commands])
  })
}

/** What has become of a command that has left the outbox. */
export function verdictOf(account: Y.Doc, { id }: Command): Verdict {
  const rejection = accountRoots(account).rejections.get(id)
  return rejection === undefined
    ? { accepted: true }
    : { accepted: false, code: rejection.code, message: rejection.message }
}
