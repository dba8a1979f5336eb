import { lookup } from 'node:dns'
import { Agent, request } from 'node:https'
import type { LookupFunction } from 'node:net'
import { isPublicAddress } from './endpoint.ts'

/** What became of a message: `later`, the service certainly did not take it; `gone`, nobody is there any more. */
export type Delivery = 'taken' | 'later' | 'gone' | 'refused'

/** Hands a message to a push service. Rejects where nobody knows whether it was taken. */
export type Post = (
  endpoint: string,
  headers: Readonly<Record<string, string>>,
  body: Uint8Array,
) => Promise<Delivery>

const PATIENCE_MS = 10_000

/** No name, no connection, or none to where we would connect: so nothing was said. */
const NEVER_SAID = new Set([
  'ENOTFOUND',
  'EAI_AGAIN',
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTPUBLIC',
])

export class NotPublic extends Error {
  readonly code = 'ENOTPUBLIC'
}

/** As the system resolves a name, if all its addresses are public: looked at in the very lookup that is then connected to. */
export const publicLookup: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, { ...options, all: true }, (error, addresses) => {
    const [first] = addresses ?? []
    if (error !== null) callback(error, [])
    else if (first === undefined || !addresses.every(({ address }) => isPublicAddress(address)))
      callback(new NotPublic(`${hostname} is not on the public internet`), [])
    else if (options.all === true) callback(null, addresses)
    else callback(null, first.address, first.family)
  })
}

/** Over HTTPS. Redirections are not followed. */
export function httpsPost(): Post {
  const agent = new Agent({ keepAlive: true, maxSockets: 8, timeout: PATIENCE_MS })
  return (endpoint, headers, body) =>
    new Promise((resolve, reject) => {
      const asked = request(
        endpoint,
        { method: 'POST', headers, agent, lookup: publicLookup, signal: AbortSignal.timeout(PATIENCE_MS) },
        (answer) => {
          // What it says beside the status is of no use, and may be long.
          answer.destroy()
          resolve(deliveryOf(answer.statusCode ?? 0))
        },
      )
      asked.on('error', (error: NodeJS.ErrnoException) => {
        if (NEVER_SAID.has(error.code ?? '')) resolve('later')
        else reject(error)
      })
      asked.end(body)
    })
}

export function deliveryOf(status: number): Delivery {
  if (status >= 200 && status < 300) return 'taken'
  if (status === 404 || status === 410) return 'gone'
  return status === 429 || status >= 500 ? 'later' : 'refused'
}
