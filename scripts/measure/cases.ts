import type { UserId } from '@parley/protocol'
import type { Someone, World } from './world.ts'

/** One question to the server, as somebody puts it. */
export interface ReadCase {
  /** As the API describes itself. */
  readonly endpoint: string
  readonly what: string
  readonly asks: readonly Ask[]
  /** Answers a whole log: what is promised is when it begins. */
  readonly isStream: boolean
}

export interface Ask {
  readonly user: UserId
  readonly path: string
  /** How many pages to turn before the one that is meant. */
  readonly pages?: number
}

type Row = readonly [endpoint: string, what: string, asks: Ask | readonly Ask[]]

/** Every GET of the API that reads the database, as most people ask it and as those ask it for whom it is most work. */
export function readCases(world: World): ReadCase[] {
  const { typical, busy, longest, widest, strangers } = world
  const each = (people: readonly Someone[], path: (someone: Someone) => string): Ask[] =>
    people.map((someone) => ({ user: someone.user, path: path(someone) }))
  const all = (path: string) => each(typical, () => path)
  const busiest = (path: string) => each(busy, () => path)
  const search = (query: Record<string, string>) => `/api/search?${new URLSearchParams(query)}`
  const reader = longest.reader
  const events = (query: string): Ask => ({ user: reader, path: `/api/conversations/${longest.id}/${query}` })
  const middle = Math.floor(longest.lastSeq / 2)
  const ids = strangers.map(({ id }) => id).join(',')

  const rows: Row[] = [
    ['/api/users/me', 'mine', all('/api/users/me')],
    [
      '/api/users/{id}',
      'somebody',
      strangers.slice(0, 20).map(({ id }) => ({ user: reader, path: `/api/users/${id}` })),
    ],
    ['/api/users', '100 by ids', all(`/api/users?ids=${ids}`)],
    ['/api/users', '100 by ids, for the busiest', busiest(`/api/users?ids=${ids}`)],
    [
      '/api/users',
      'by email',
      strangers
        .slice(0, 20)
        .map(({ email }) => ({ user: reader, path: `/api/users?email=${email.toUpperCase()}` })),
    ],
    ['/api/users', 'by email, nobody', all('/api/users?email=nobody@example.org')],
    ...['a', 'ana', 'ünal', 'MÜLL', '田', 'zzzz', '%'].map((q): Row => [
      '/api/users',
      `by "${q}"`,
      busiest(`/api/users?limit=50&q=${encodeURIComponent(q)}`),
    ]),
    ['/api/sessions', 'mine', all('/api/sessions')],
    ['/api/tokens', 'mine', all('/api/tokens')],
    ['/api/conversations', 'mine', all('/api/conversations')],
    ['/api/conversations', 'of the busiest', busiest('/api/conversations')],
    ['/api/conversations', '200 of the busiest', busiest('/api/conversations?limit=200')],
    [
      '/api/conversations',
      'of the busiest, third page',
      busiest('/api/conversations').map((ask) => ({ ...ask, pages: 2 })),
    ],
    [
      '/api/conversations/{id}',
      'one',
      each(typical, ({ conversation }) => `/api/conversations/${conversation}`),
    ],
    [
      '/api/conversations/{id}',
      'the longest, unread',
      { user: reader, path: `/api/conversations/${longest.id}` },
    ],
    [
      '/api/conversations/{id}',
      'the widest',
      { user: widest.reader, path: `/api/conversations/${widest.id}` },
    ],
    [
      '/api/conversations/{id}/members',
      'of one',
      each(typical, ({ conversation }) => `/api/conversations/${conversation}/members`),
    ],
    [
      '/api/conversations/{id}/members',
      '1,000 of the widest',
      { user: widest.reader, path: `/api/conversations/${widest.id}/members?limit=1000` },
    ],
    [
      '/api/conversations/{id}/members',
      'of the widest, far on',
      { user: widest.reader, path: `/api/conversations/${widest.id}/members?limit=1000`, pages: 5 },
    ],
    [
      '/api/conversations/{id}/events',
      'the latest',
      each(typical, ({ conversation }) => `/api/conversations/${conversation}/events`),
    ],
    ['/api/conversations/{id}/events', 'the latest of the longest', events('events')],
    ['/api/conversations/{id}/events', '1,000 from the beginning', events('events?after=0&limit=1000')],
    [
      '/api/conversations/{id}/events',
      'a page of history',
      events(`events?after=${Math.floor(middle / 128) * 128}&limit=128`),
    ],
    ['/api/conversations/{id}/events', 'before the middle', events(`events?before=${middle}`)],
    [
      '/api/conversations/{id}/events',
      'between two places',
      events(`events?after=${middle}&before=${middle + 50}`),
    ],
    ...['member', 'meta', 'reaction', 'message', 'member,meta'].flatMap((types): Row[] => [
      ['/api/conversations/{id}/events', `types=${types}, the latest`, events(`events?types=${types}`)],
      [
        '/api/conversations/{id}/events',
        `types=${types}, after the middle`,
        events(`events?types=${types}&after=${middle}`),
      ],
    ]),
    ['/api/conversations/{id}/events', 'types=meta, the very first', events('events?types=meta&before=3')],
    [
      '/api/conversations/{id}/messages',
      'the latest',
      each(typical, ({ conversation }) => `/api/conversations/${conversation}/messages`),
    ],
    [
      '/api/conversations/{id}/messages',
      '1,000 from the middle on',
      events(`messages?after=${middle}&limit=1000`),
    ],
    [
      '/api/conversations/{id}/events/{event}/reads',
      'of the first of the longest',
      events(`events/${longest.first}/reads?limit=1000`),
    ],
    [
      '/api/conversations/{id}/events/{event}/reads',
      'of the last of the widest',
      { user: widest.reader, path: `/api/conversations/${widest.id}/events/${widest.last}/reads?limit=1000` },
    ],
    [
      '/api/conversations/{id}/export',
      'until it begins',
      each(typical, ({ conversation }) => `/api/conversations/${conversation}/export`),
    ],
    ['/api/channels', 'all', all('/api/channels')],
    ['/api/channels', 'all, far on', all('/api/channels?limit=100').map((ask) => ({ ...ask, pages: 5 }))],
    ['/api/channels', 'by "t"', busiest('/api/channels?q=t&limit=100')],
    ['/api/channels', 'by "THE M"', busiest('/api/channels?q=THE%20M')],
    ['/api/friends', 'mine', all('/api/friends')],
    ['/api/friends', 'of the most befriended', { user: world.befriended, path: '/api/friends' }],
    ['/api/friend-requests', 'mine', all('/api/friend-requests')],
    ...[
      '',
      'direction=incoming',
      'direction=outgoing',
      'direction=incoming&status=PENDING',
      'direction=outgoing&status=REJECTED',
      'status=REJECTED',
      'status=PENDING',
    ].map((filter): Row => [
      '/api/friend-requests',
      `of the most asked ${filter}`,
      { user: world.asked, path: `/api/friend-requests?${filter}` },
    ]),
    [
      '/api/friend-requests',
      'of the most asked, far on',
      { user: world.asked, path: '/api/friend-requests?limit=200', pages: 8 },
    ],
    ['/api/blocks', 'of whoever blocks most', { user: world.blocking.user, path: '/api/blocks' }],
    [
      '/api/blocks/{user}',
      'one',
      { user: world.blocking.user, path: `/api/blocks/${world.blocking.blocked}` },
    ],
    ['/api/notifications', 'mine', all('/api/notifications')],
    ['/api/notifications', 'of the most notified', { user: world.notified, path: '/api/notifications' }],
    [
      '/api/notifications',
      'of the most notified, far on',
      { user: world.notified, path: '/api/notifications', pages: 3 },
    ],
    ...(
      [
        ['a common word', { q: 'the ' }],
        ['a common sign', { q: '的' }],
        ['a word', { q: 'meeting' }],
        ['two words', { q: 'meeting report' }],
        ['a rare word', { q: 'PAR-4711' }],
        ['a beginning', { q: 'doc' }],
        ['a phrase', { q: '"to the"' }],
        ['a phrase of signs', { q: '服务器' }],
        ['nothing there is', { q: 'xylophonist' }],
        ['without a word', { q: 'meeting -the' }],
        ['all by somebody', { q: `from:@${strangers[0]?.username ?? ''}` }],
        ['all with files', { q: 'has:file' }],
        ['long ago', { q: 'the before:2026-01-01' }],
        ['an emoji', { q: '🎉' }],
      ] as const
    ).flatMap(([what, query]): Row[] => [
      ['/api/search', what, all(search(query))],
      ['/api/search', `${what}, for the busiest`, busiest(search(query))],
      [
        '/api/search',
        `${what}, in the longest`,
        { user: reader, path: search({ ...query, conversation: longest.id }) },
      ],
    ]),
    [
      '/api/search',
      'a common word, far on',
      { user: reader, path: search({ q: 'the', limit: '50' }), pages: 10 },
    ],
  ]
  return rows.map(([endpoint, what, asks]) => ({
    endpoint,
    what,
    asks: 'path' in asks ? [asks] : asks,
    isStream: endpoint.endsWith('/export'),
  }))
}
