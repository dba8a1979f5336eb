import { rest } from '@parley/protocol'
import { type Chapter, NEXT, shape } from './chapter.ts'
import { NOT_YOURS } from './conversations.ts'
import { ANA, AT, GROUP, HASH, MESSAGE } from './examples.ts'

const LANGUAGE = `What is typed is never wrong; what looks like a filter and is none is a word.

| typed | finds |
|---|---|
| \`lunch plan\` | messages with both words; the last one may be the beginning of a word, from three letters on |
| \`"lunch plan"\` | these words, one after the other |
| \`-lunch\` | messages without this word |
| \`from:@ana\` | what Ana has said (several: any of them) |
| \`in:general\` · \`in:"Team Berlin"\` · \`in:@ana\` | conversations whose title begins so, or the direct one with Ana (several: any of them) |
| \`before:2026-01-31\` · \`after:2026-01-31\` | said before that day, or from that day on; days of UTC |
| \`has:file\` | messages with attachments |

Case and accents do not matter. In languages without spaces, and in Korean, words are found anywhere. The names of
attached files are looked through too.`

const ORDER = `Of the 200 newest messages that match, the best come first, then those of the next 200, and so on. The best: by
the time they were received, where it counts as a month that all words stand there whole, not as beginnings, and as
another month that several stand there in the order in which they were typed.

Only conversations that you are in at this moment are looked through. What was said in the last moments may not be
found yet.`

export const SEARCH: Chapter = {
  name: 'Search',
  about: `Finding what was said.\n\n${LANGUAGE}`,
  shapes: [
    shape(
      rest.searchResult,
      'SearchResult',
      'A message that was found.',
      {
        highlights:
          'Where its text has what was searched for: from `start` up to, not including, `end`, in UTF-16 code units; ' +
          'in order, apart, and never within an emoji or between a letter and its accent. Empty where only the name ' +
          'of a file matches.',
      },
      {
        conversation: GROUP,
        message: {
          seq: 4,
          id: MESSAGE,
          type: 'message',
          author: ANA,
          at: AT,
          hash: HASH,
          text: 'Who is in?',
          writtenAt: AT,
        },
        highlights: [{ start: 0, end: 3 }],
      },
    ),
    shape(rest.searchResults, 'SearchResults', 'A page of what was found.', { next: NEXT }),
  ],
  operations: {
    'GET /api/search': {
      id: 'search',
      about: ORDER,
      parameters: {
        q: 'What to find, as above.',
        conversation: 'Only in this one.',
        author: 'Only what they have said.',
        before: 'Only what was received before this time.',
        after: 'Only what was received at this time or later.',
      },
      refusals: {
        forbidden: NOT_YOURS,
        unavailable: 'It took too long. Something narrower may not.',
      },
    },
  },
}
