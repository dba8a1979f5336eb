import type { Step } from './steps.ts'

/** Small enough to be met in a run. */
export const MODEL_LIMITS = { messageBytes: 64, titleCharacters: 40, groupMembers: 4 }

export const DAY_MS = 24 * 60 * 60 * 1000 + 1000

/** What every run begins with: some are friends, one has blocked another, and there is a conversation of each kind. */
export const PRELUDE: readonly Step[] = [
  { do: 'act', who: 0, door: 'rest', act: { do: 'request', user: 1 } },
  { do: 'act', who: 1, door: 'outbox', act: { do: 'answer', request: 0, accept: true } },
  { do: 'act', who: 0, door: 'outbox', act: { do: 'request', user: 2 } },
  { do: 'act', who: 2, door: 'rest', act: { do: 'request', user: 0 } },
  { do: 'act', who: 4, door: 'outbox', act: { do: 'block', user: 0 } },
  {
    do: 'act',
    who: 0,
    door: 'outbox',
    act: { do: 'create', kind: 'group', members: [1, 2, 3], title: 21, again: null },
  },
  {
    do: 'act',
    who: 1,
    door: 'rest',
    act: { do: 'create', kind: 'channel', members: [0, 2, 3, 4, 5], title: 22, again: null },
  },
  { do: 'act', who: 0, door: 'rest', act: { do: 'role', in: 0, user: 51, role: 'admin' } },
  { do: 'act', who: 0, door: 'rest', act: { do: 'talk', with: 1, isBroken: false } },
]
