import { type rest, userId, type UserId } from '@parley/protocol'
import { z } from 'zod'
import type { Account } from './account.ts'
import type { Answer, Api } from './connection/api.ts'
import { httpApi } from './connection/http-api.ts'
import { type Observable, source } from './observable.ts'
import { openAccount, type OpenAccount } from './open-account.ts'
import type { ClientOptions } from './ports.ts'
import { faultOf } from './store/saving.ts'
import { takeTurns } from './tabs/turns.ts'

export type Session =
  | { readonly state: 'signed-out' }
  | { readonly state: 'signed-in'; readonly user: UserId; readonly account: Account }
  /**
   * The server no longer knows this device: signed out elsewhere, password changed. Everything stays
   * readable and writable here, and nothing unsent is lost; it goes out after the same person signs in again.
   */
  | { readonly state: 'expired'; readonly user: UserId; readonly account: Account }

/** What signing out would lose. */
export type SignedOut =
  | { readonly done: true }
  /** Commands wait to be sent. Ask, then call again with `discardUnsent`. */
  | { readonly done: false; readonly unsent: number }

/**
 * This device's client. It opens from what the device holds, without a network; who was signed in
 * stays signed in until the server says otherwise.
 */
export interface Client {
  readonly session: Observable<Session>
  /** This and the next two reject with a `StoreError` when the device cannot keep who is signed in. */
  signUp(body: rest.CreateUser): Promise<Answer<Account>>
  /** Signing in again after `expired` continues the same account object. */
  signIn(login: string, password: string): Promise<Answer<Account>>
  /** Ends the session and wipes this person's data from the device. Works offline; the server is told when it can be. */
  signOut(options: { readonly discardUnsent: boolean }): Promise<SignedOut>
  readonly api: Api
  /** Stops timers and connections; what was saved stays. */
  close(): void
}

/** Rejects with a `StoreError` when the device's storage cannot be opened at all. */
export async function openClient(options: ClientOptions): Promise<Client> {
  const { storage, network, channel } = options
  const api = httpApi(options)
  const session = source<Session>({ state: 'signed-out' })
  let current: (OpenAccount & { readonly user: UserId }) | undefined
  let isClosed = false

  /** One at a time: what another tab says may arrive while this one is opening. */
  const atTheDoor = takeTurns(undefined)
  const enter = (me: rest.Me): Promise<Account> => atTheDoor(() => enterNow(me))
  const enterNow = async (me: rest.Me): Promise<Account> => {
    if (current?.user === me.id) {
      session.set({ state: 'signed-in', user: me.id, account: current.account })
      current.resume(me)
      return current.account
    }
    // Somebody else: what the one before left unsent stays in their own store until they return.
    current?.close()
    const opened: OpenAccount = await openAccount({
      ...options,
      api,
      me,
      // An answer that comes after signing out must not sign in again.
      onMe: (next) => {
        if (current?.user === me.id) unlessUnreadable(storage.setIdentity({ state: 'signed-in', me: next }))
      },
      onExpired: () => {
        if (session.get().state === 'signed-in' && current?.user === me.id) {
          session.set({ state: 'expired', user: me.id, account: current.account })
        }
      },
      // Signed in again, in this tab or another.
      onLive: () => {
        if (session.get().state === 'expired' && current?.user === me.id) {
          session.set({ state: 'signed-in', user: me.id, account: current.account })
        }
      },
    })
    current = { ...opened, user: me.id }
    session.set({ state: 'signed-in', user: me.id, account: opened.account })
    return opened.account
  }

  const entered = async (answer: Answer<rest.Me>): Promise<Answer<Account>> =>
    answer.ok ? { ok: true, value: await remember(answer.value) } : answer
  const remember = async (me: rest.Me): Promise<Account> => {
    await storage.setIdentity({ state: 'signed-in', me })
    const account = await enter(me)
    channel?.post({ entered: me.id } satisfies Word)
    return account
  }

  /** One at a time, over all tabs: a word of leaving that meets a signing in would end the new session. */
  const inTurn = takeTurns(options.locks)

  /** Tells the server that the person has left this device, as soon as it can be told. */
  const tellIfLeaving = async (): Promise<void> => {
    if (isClosed || (await storage.identity())?.state !== 'leaving') return
    const answer = await api.signOut()
    if (!answer.ok && answer.code !== 'unauthenticated') return
    const stored = await storage.identity()
    if (stored?.state === 'leaving') await storage.setIdentity(undefined)
  }
  /** Whether the server knows somebody here could not be found out yet. */
  let isUnrecognised = false
  /** A bearer token, or a cookie that outlived the data: browsers may drop the one and keep the other. */
  const recognise = async (): Promise<void> => {
    const answer = await api.me()
    isUnrecognised = !answer.ok && answer.code === 'unavailable'
    if (answer.ok && current === undefined && !isClosed) await remember(answer.value)
  }
  const endNetwork = network?.subscribe(() => {
    if (!network.isOnline() || current !== undefined) return
    unlessUnreadable(inTurn(isUnrecognised ? recognise : tellIfLeaving))
  })

  /** Lets go of the account that was open, if any. */
  const leave = (): OpenAccount | undefined => {
    const left = current
    current = undefined
    session.set({ state: 'signed-out' })
    return left
  }
  /** Another tab has signed out: this one writes no more, and takes with it what it was writing. */
  const follow = async (): Promise<void> => {
    const left = leave()
    let isTaken = true
    try {
      isTaken = (await storage.identity())?.state === 'signed-in'
    } finally {
      // Whoever has signed in there since then keeps what they have.
      if (isTaken) left?.close()
      else await left?.wipe()
    }
  }
  /** Another tab has signed somebody in: this one has them too, if it has nobody. */
  const join = async (): Promise<void> => {
    const stored = await storage.identity()
    if (current !== undefined || isClosed || stored?.state !== 'signed-in') return
    await enterNow(stored.me)
    await unlessLeft()
  }
  /** What another tab has said while this one was opening was said to nobody. */
  const unlessLeft = async (): Promise<void> => {
    if ((await storage.identity())?.state !== 'signed-in') await follow()
  }
  const endChannel = channel?.subscribe((message) => {
    const heard = word.safeParse(message)
    if (!heard.success) return
    if ('entered' in heard.data) unlessUnreadable(atTheDoor(join))
    else if (heard.data.left === current?.user) unlessUnreadable(follow())
  })

  const stored = await storage.identity()
  if (stored?.state === 'signed-in') {
    await enter(stored.me)
    // Nobody waits for it: this tab shows what it has, and lets go of it if it is told to.
    unlessUnreadable(unlessLeft())
  } else if (stored?.state === 'leaving') unlessUnreadable(inTurn(tellIfLeaving))
  else await recognise()

  return {
    session,
    api,
    signUp: (body) => inTurn(async () => await entered(await api.signUp(body))),
    signIn: (login, password) => inTurn(async () => await entered(await api.signIn({ login, password }))),
    signOut: async ({ discardUnsent }) => {
      const unsent = current?.unsent() ?? 0
      if (unsent > 0 && !discardUnsent) return { done: false, unsent }
      await storage.setIdentity({ state: 'leaving' })
      if (current !== undefined) channel?.post({ left: current.user } satisfies Word)
      const wiped = leave()?.wipe()
      const told = inTurn(async () => {
        await Promise.allSettled([wiped])
        await tellIfLeaving()
      })
      await Promise.all([wiped, told])
      return { done: true }
    },
    close: () => {
      isClosed = true
      endNetwork?.()
      endChannel?.()
      current?.close()
    },
  }
}

/** What a tab says to the others when it signs a person out or in. */
const word = z.union([z.object({ left: userId }), z.object({ entered: userId })])
type Word = z.infer<typeof word>

/** What is done in passing: a device that cannot do it now does it the next time, from what it last kept. */
function unlessUnreadable(work: Promise<void>): void {
  // A defect goes on; a fault of the storage concerns nobody who waits.
  void work.catch(faultOf)
}
