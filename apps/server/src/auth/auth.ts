import type { Millis, rest, UserId } from '@parley/protocol'
import type { Db } from '../queries/db.ts'
import { createAccounts, type SignedUp, type Verified } from './accounts.ts'
import { standingCredentials } from './credentials.ts'
import { createRevocations, type Identity, type Revocations } from './identity.ts'
import { createPasswords, type Passwords } from './passwords.ts'
import { createSessions, type Sessions } from './sessions.ts'
import { createTokens, type Tokens } from './tokens.ts'

/** What a request carries: its whole `Cookie` header, and the bare token of its `Authorization: Bearer`. */
export interface Presented {
  readonly cookie?: string | undefined
  readonly bearer?: string | undefined
}

export interface LoggedIn {
  readonly user: UserId
  readonly setCookie: string
}

export type NotSignedUp = Exclude<SignedUp, { readonly user: UserId }>

export interface Auth {
  /** One query. A bearer token, when there is one, decides alone. */
  authenticate(presented: Presented): Promise<Identity | undefined>
  /** Calls `listener` when credentials end; whoever holds a connection by them closes it (S4). */
  readonly onRevoked: Revocations['onRevoked']
  /** With `isByInvitation` only who brings a good invitation, which is used up with it. */
  signUp(
    details: rest.CreateUser,
    isByInvitation: boolean,
    userAgent?: string,
  ): Promise<LoggedIn | NotSignedUp>
  /** Undefined for an unknown user, a disabled one and a wrong password alike. */
  logIn(credentials: rest.CreateSession, userAgent?: string): Promise<LoggedIn | undefined>
  isPasswordOf(user: UserId, password: string): Promise<boolean>
  /** Ends every session but the one it is done from; tokens stay, each can be ended by itself. */
  changePassword(identity: Identity, password: string): Promise<void>
  /** Says that a deleted user's credentials, which went with the account, have ended. */
  announceErased(user: UserId): void
  /** Finds out which of the user's credentials have been ended by another process, and says so. */
  recheck(user: UserId): Promise<void>
  readonly sessions: Sessions
  readonly tokens: Tokens
}

export interface AuthDeps {
  readonly db: Db
  /** Everywhere but on localhost, see {@link needsSecureCookies}. */
  readonly secureCookies: boolean
  readonly now: () => Millis
  readonly passwords?: Passwords
}

export function createAuth({ db, secureCookies, now, passwords = createPasswords() }: AuthDeps): Auth {
  const revocations = createRevocations()
  const sessions = createSessions({ db, revocations, secureCookies, now })
  const tokens = createTokens({ db, revocations, now })
  const accounts = createAccounts({ db, passwords, now })

  const logInProven = async (
    { user, isStillRight }: Verified,
    userAgent?: string,
  ): Promise<LoggedIn | undefined> => {
    const session = await sessions.start(user, userAgent)
    // A password change ends all sessions after it is stored. Ours began either before that end, and
    // is over, or after it, and then this sees the change: no log-in with an old password outlives it.
    if (await isStillRight()) return { user, setCookie: session.setCookie }
    await session.undo()
    return undefined
  }

  return {
    async authenticate({ cookie, bearer }) {
      if (bearer !== undefined) return tokens.identify(bearer)
      return cookie === undefined ? undefined : sessions.identify(cookie)
    },
    onRevoked: revocations.onRevoked,
    async signUp({ invitation = '', ...details }, isByInvitation, userAgent) {
      const signedUp = await accounts.signUp(details, isByInvitation ? invitation : undefined)
      if (!('user' in signedUp)) return signedUp
      const { setCookie } = await sessions.start(signedUp.user, userAgent)
      return { user: signedUp.user, setCookie }
    },
    async logIn({ login, password }, userAgent) {
      const verified = await accounts.verify(login, password)
      return verified && logInProven(verified, userAgent)
    },
    isPasswordOf: accounts.isPasswordOf,
    async changePassword({ user, credential }, password) {
      await accounts.setPassword(user.id, password)
      await sessions.endAllBut(user.id, credential.kind === 'session' ? credential.id : undefined)
    },
    announceErased: (user) => revocations.announce({ user }),
    async recheck(user) {
      revocations.announce({ user, except: await standingCredentials(db, user) })
    },
    sessions,
    tokens,
  }
}

/** Whether people reach the server at an address over which a cookie must not travel in clear. */
export const needsSecureCookies = (origin: string): boolean =>
  !/^(localhost|.*\.localhost|127(\.\d+){3}|\[::1\])$/.test(new URL(origin).hostname)
