import type { UserId } from '@parley/protocol'

/** Who makes a request or holds a connection, and by which credential. */
export interface Identity {
  readonly user: { readonly id: UserId; readonly username: string; readonly name: string }
  readonly credential: {
    readonly kind: 'session' | 'token'
    /** What the person sees and ends it by; never the secret. */
    readonly id: string
  }
  /** The `Set-Cookie` of a session that was just prolonged, for an HTTP answer to carry. */
  readonly renewedCookie?: string
}

/** Credentials ended: one of a user's, or all but some. Open connections that used them must close (S4). */
export interface Revocation {
  readonly user: UserId
  readonly credentialId?: string
  /** Those that stand. */
  readonly except?: ReadonlySet<string>
}

export interface Revocations {
  announce(revocation: Revocation): void
  /** Answers how to stop listening. */
  onRevoked(listener: (revocation: Revocation) => void): () => void
}

export function createRevocations(): Revocations {
  const listeners = new Set<(revocation: Revocation) => void>()
  return {
    announce: (revocation) => listeners.forEach((listener) => listener(revocation)),
    onRevoked: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
