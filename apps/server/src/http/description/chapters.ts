import { CODES, millis, rest, userId } from '@parley/protocol'
import { ATTACHMENTS } from './attachments.ts'
import { type Chapter, shape, value } from './chapter.ts'
import { CONVERSATIONS, MEMBERS } from './conversations.ts'
import { EVENTS } from './events.ts'
import { ANA, AT } from './examples.ts'
import { FRIENDS } from './friends.ts'
import { LOGGING_IN } from './logging-in.ts'
import { NOTIFICATIONS } from './notifications.ts'
import { PEOPLE } from './people.ts'
import { SEARCH } from './search.ts'

/** What all the others refer to. */
const BASICS = [
  value(
    userId,
    'Id',
    'A lower-case UUID. New ones are of version 7, so that they sort by the time they were made.',
    { format: 'uuid', examples: [ANA] },
  ),
  value(millis, 'Millis', 'A time: whole milliseconds since the beginning of 1970, UTC.', { examples: [AT] }),
  {
    ...shape(rest.errorAnswer, 'Error', 'Why something was not done.'),
    fields: {
      'error.code': `Decide by this: ${Object.keys(CODES)
        .map((code) => `\`${code}\``)
        .join(', ')}.`,
      'error.message': 'For people.',
      'error.details': 'Of `invalid`: a list of `{ path, message }`, one for each fault.',
    },
  },
]

export const CHAPTERS: readonly Chapter[] = [
  { ...PEOPLE, shapes: [...BASICS, ...PEOPLE.shapes] },
  LOGGING_IN,
  FRIENDS,
  CONVERSATIONS,
  MEMBERS,
  EVENTS,
  SEARCH,
  ATTACHMENTS,
  NOTIFICATIONS,
]
