import type { Limits, UserId } from '@parley/protocol'
import { GUESS_COST, type Rates } from '../limits/rates.ts'
import type { Peer } from './peer.ts'

export interface SocketLimitsOptions {
  readonly limits: Pick<Limits, 'socketsPerUser' | 'documentsPerSocket'>
  readonly rates: Pick<Rates, 'addressRequests' | 'limited'>
  readonly peers: ReadonlySet<Peer>
}

/** How many sockets a person may have, how many documents a socket, and how many tokens an address may try [S5]. */
export class SocketLimits {
  readonly #options: SocketLimitsOptions
  readonly #documents = new WeakMap<Peer, number>()

  constructor(options: SocketLimitsOptions) {
    this.#options = options
  }

  /** Whether the person may have one more. */
  hasRoomFor(user: UserId): boolean {
    const { limits, rates, peers } = this.#options
    let open = 0
    for (const { identity } of peers) if (identity?.user.id === user) open += 1
    if (open < limits.socketsPerUser) return true
    rates.limited('socketsPerUser')
    return false
  }

  opened(peer: Peer): void {
    this.#documents.set(peer, (this.#documents.get(peer) ?? 0) + 1)
  }

  closed(peer: Peer): void {
    this.#documents.set(peer, Math.max(0, (this.#documents.get(peer) ?? 0) - 1))
  }

  mayOpenAnother(peer: Peer): boolean {
    const { limits, rates } = this.#options
    if ((this.#documents.get(peer) ?? 0) < limits.documentsPerSocket) return true
    rates.limited('documentsPerSocket')
    return false
  }

  /** Whether a token from there may be looked up: that is a question like any other. */
  mayTry(address: string): boolean {
    const { addressRequests } = this.#options.rates
    if (addressRequests.ask(address) === 0) return true
    addressRequests.noteLimited()
    return false
  }

  /** It was no token: such questions cost more. */
  triedInVain(address: string): void {
    this.#options.rates.addressRequests.charge(address, GUESS_COST - 1)
  }
}
