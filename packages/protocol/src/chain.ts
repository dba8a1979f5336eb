import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import canonicalize from 'canonicalize'
import { toBase64UrlEncoded } from 'lib0/buffer'
import { type Draft, type Event, type Millis, payloadOf, type Seq } from './events.ts'

/** SHA-256 of a UTF-8 text. A parameter because Node's own is several times faster than a portable one. */
export interface Sha256 {
  hex(text: string): string
  bytes(text: string): Uint8Array
}

export const portableSha256: Sha256 = {
  hex: (text) => bytesToHex(sha256(utf8ToBytes(text))),
  bytes: (text) => sha256(utf8ToBytes(text)),
}

/** Where a log ends: what the next event is numbered, dated and chained after. */
export interface Tip {
  readonly seq: Seq
  readonly hash: string
  readonly at: Millis
}

export const EMPTY_TIP: Tip = { seq: 0, hash: '', at: 0 }

/** JSON in the one form of RFC 8785, so that the same value has the same bytes everywhere. */
export function canonicalJson(value: unknown): string {
  const json = canonicalize(value)
  if (json === undefined) throw new TypeError('not a JSON value')
  return json
}

/**
 * The hash of the chain up to and including an event [L7]:
 * base64url(first 16 bytes of SHA-256(previous ‖ "\n" ‖ canonical(envelope) ‖ "\n" ‖ hex SHA-256(canonical(payload)))).
 * The payload enters through its digest, so that a text the law obliges to erase could go without
 * breaking the chain. Final: recorded logs are checked against it for ever (chain.test.ts).
 */
export function chainHash(
  previousHash: string,
  source: Draft & { seq: Seq; at: Millis },
  hash: Sha256 = portableSha256,
): string {
  const { seq, id, type, author, at } = source
  const envelope = canonicalJson({ seq, id, type, author, at })
  const digest = hash.hex(canonicalJson(payloadOf(source)))
  return toBase64UrlEncoded(hash.bytes(`${previousHash}\n${envelope}\n${digest}`).subarray(0, 16))
}

/** Gives drafts their place after `tip`: number, time (never lower than before, L5) and hash. */
export function seal(
  tip: Tip,
  drafts: readonly Draft[],
  now: Millis,
  hash: Sha256 = portableSha256,
): Event[] {
  let { seq, hash: previous, at } = tip
  return drafts.map((draft) => {
    seq += 1
    at = Math.max(at, now)
    const placed = { ...draft, seq, at }
    previous = chainHash(previous, placed, hash)
    return { ...placed, hash: previous }
  })
}

export type ChainFault =
  | { readonly fault: 'gap'; readonly expected: Seq; readonly found: Seq }
  | { readonly fault: 'hash'; readonly seq: Seq }
  | { readonly fault: 'time'; readonly seq: Seq }

/** Checks that `events` continue a log that ends at `tip`; names the first event that does not [L1, L5, L7]. */
export function findChainFault(
  tip: Tip,
  events: readonly Event[],
  hash: Sha256 = portableSha256,
): ChainFault | undefined {
  let { seq, hash: previous, at } = tip
  for (const event of events) {
    if (event.seq !== seq + 1) return { fault: 'gap', expected: seq + 1, found: event.seq }
    if (event.at < at) return { fault: 'time', seq: event.seq }
    if (chainHash(previous, event, hash) !== event.hash) return { fault: 'hash', seq: event.seq }
    ;({ seq, hash: previous, at } = event)
  }
  return undefined
}
