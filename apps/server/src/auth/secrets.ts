import { hash, randomBytes } from 'node:crypto'

/** What the database keeps of a secret: enough to recognise it, nothing that opens a session (S6). */
export const hashSecret = (secret: string): Buffer => hash('sha256', secret, 'buffer')

const TOKEN_PREFIX = 'parley_'

/** A bearer token: 256 bits, with a prefix by which leaked ones can be found in repositories and logs. */
export const newTokenSecret = (): string => TOKEN_PREFIX + randomBytes(32).toString('base64url')
