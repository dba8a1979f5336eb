import type { Millis } from '@parley/protocol'
import { openClient, type Session } from './client.ts'
import { isWaiting } from './outbox/fate.ts'
import type { ClientOptions } from './ports.ts'

/**
 * Sends what waits in the outbox of whoever is signed in here, where there is no window to do it, and answers
 * whether nothing waits any more. It is one more tab: while another leads, it waits for that one's answers,
 * and if that one goes, it goes on. Rejects with a `StoreError` where the device keeps nothing.
 */
export async function flushOutbox(options: ClientOptions, within: Millis): Promise<boolean> {
  const client = await openClient(options)
  const { promise, resolve } = Promise.withResolvers<void>()
  const endings = [options.clock.after(within, resolve)]
  const look = () => {
    if (isDone(client.session.get())) resolve()
  }
  const session = client.session.get()
  if (session.state !== 'signed-out') endings.push(session.account.commands.subscribe(look))
  endings.push(client.session.subscribe(look))
  look()
  await promise
  for (const end of endings) end()
  const isSent = isDone(client.session.get())
  client.close()
  return isSent
}

/** Nothing waits, or waiting here cannot help: nobody is signed in, or has to do so again. */
const isDone = (session: Session): boolean =>
  session.state !== 'signed-in' || session.account.commands.get().every(({ fate }) => !isWaiting(fate))
