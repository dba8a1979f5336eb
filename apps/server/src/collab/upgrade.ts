import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Auth } from '../auth/auth.ts'
import type { Identity } from '../auth/identity.ts'
import { clientAddress } from '../limits/address.ts'
import type { Logger } from '../logger.ts'
import type { Revoked } from './revoked.ts'

export interface AdmitOptions {
  readonly auth: Pick<Auth, 'authenticate'>
  readonly revoked: Revoked
  readonly logger: Logger
  /** The origin that browsers see, where it is not the one of the request (behind a proxy). */
  readonly publicUrl: string | undefined
}

/** Who opens a socket, where a cookie names them already; or the HTTP status it is refused with. */
export type Admission = { readonly identity: Identity | undefined } | { readonly refusal: string }

/** Whose address limits a socket counts against. */
export const addressOf = ({ socket, headers }: IncomingMessage, trustProxy: number): string =>
  clientAddress(socket.remoteAddress, headers['x-forwarded-for']?.toString(), trustProxy)

/** Decides on a WebSocket. Programs come without a cookie and name themselves with each document's token. */
export async function admit(
  { auth, revoked, logger, publicUrl }: AdmitOptions,
  request: IncomingMessage,
): Promise<Admission> {
  const { cookie } = request.headers
  if (cookie === undefined) return { identity: undefined }
  if (!isSameOrigin(request, publicUrl)) return { refusal: '403 Forbidden' }
  const mark = revoked.mark()
  try {
    const identity = await auth.authenticate({ cookie })
    return revoked.hasEndedSince(mark, identity) ? { refusal: '401 Unauthorized' } : { identity }
  } catch (error) {
    logger.warn({ err: error }, 'a session could not be checked')
    return { refusal: '503 Service Unavailable' }
  }
}

/** Whether a page of ours opened the socket: browsers send the cookie to us from any page (CSRF). */
function isSameOrigin({ headers }: IncomingMessage, publicUrl: string | undefined): boolean {
  const { origin, host } = headers
  // Only browsers send an Origin; a program that has the cookie was given it.
  if (origin === undefined) return true
  if (!URL.canParse(origin)) return false
  return new URL(origin).host === host || (publicUrl !== undefined && new URL(publicUrl).origin === origin)
}

export function refuseUpgrade(socket: Duplex, status: string, headers = ''): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n${headers}\r\n`)
}
