import type { Identity, Revocation } from '../auth/identity.ts'

/**
 * What was revoked lately. A credential may end between the query that found it good and the moment
 * its connection is listed; whoever authenticates takes a mark first and asks afterwards (S4).
 */
export class Revoked {
  #ended: { readonly number: number; readonly revocation: Revocation; readonly at: number }[] = []
  #count = 0

  note(revocation: Revocation): void {
    this.#count += 1
    this.#ended.push({ number: this.#count, revocation, at: Date.now() })
  }

  mark(): number {
    return this.#count
  }

  hasEndedSince(mark: number, identity: Identity | undefined): boolean {
    return this.#ended.some(({ number, revocation }) => number > mark && covers(revocation, identity))
  }

  /** Forgets what no authentication under way can have missed. */
  forgetOld(maxAgeMs: number): void {
    const oldest = Date.now() - maxAgeMs
    this.#ended = this.#ended.filter(({ at }) => at > oldest)
  }
}

export const covers = ({ user, credentialId, except }: Revocation, identity: Identity | undefined): boolean =>
  identity?.user.id === user &&
  (credentialId === undefined || identity.credential.id === credentialId) &&
  except?.has(identity.credential.id) !== true
