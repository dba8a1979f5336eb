import type { rest, UserId } from '@parley/protocol'
import type { Account } from './account.ts'
import type { Answer, Api } from './api.ts'
import type { Observable } from './observable.ts'
import type { ClientOptions } from './ports.ts'

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
  signUp(body: rest.CreateUser): Promise<Answer<Account>>
  /** Signing in again after `expired` continues the same account object. */
  signIn(login: string, password: string): Promise<Answer<Account>>
  /** Ends the session and wipes this person's data from the device. Works offline; the server is told when it can be. */
  signOut(options: { readonly discardUnsent: boolean }): Promise<SignedOut>
  readonly api: Api
  /** Stops timers and connections; what was saved stays. */
  close(): void
}

export declare function openClient(options: ClientOptions): Promise<Client>
