import { type Code, newId } from '@parley/protocol'
import type { Scene } from './scene.ts'

export interface Asked {
  readonly path: string
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

type Who = 'owner' | 'admin' | 'member' | 'stranger'

/** Something that must not be, and what is answered. */
export interface Try {
  readonly what: string
  readonly as: Who
  /** `done`: answered like what is so already, and nothing changes. */
  readonly code: Code | 'done'
  readonly ask: (scene: Scene) => Asked
  /** The same about something that is not there at all: it must be answered alike, to the byte. */
  readonly alike?: (scene: Scene) => Asked
}

export const bad = (what: string, code: Try['code'], ask: Try['ask'], as: Who = 'owner'): Try => ({
  what,
  code,
  as,
  ask,
})

/** The id of somebody else's, or of somebody to whom it may not be done, and of nothing. */
export const foreign = (
  what: string,
  code: Try['code'],
  pick: (scene: Scene) => string,
  ask: (id: string, scene: Scene) => Asked,
  as: Who = 'owner',
): Try => ({
  what: `${what}, as of nothing`,
  code,
  as,
  ask: (scene) => ask(pick(scene), scene),
  alike: (scene) => ask(newId(), scene),
})

export const to = (path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Asked => ({
  path,
  ...(body !== undefined && { body }),
  ...(headers !== undefined && { headers }),
})
