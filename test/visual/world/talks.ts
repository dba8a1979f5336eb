import type { ConversationId, Millis, rest } from '@parley/protocol'
import { chart, dawn, dusk, pdf, valley, zip } from './drawings.ts'
import { at, fixedId, type Who } from './people.ts'

export interface FileOfTalk {
  readonly name: string
  readonly type: string
  readonly make: () => Buffer | Promise<Buffer>
}

export interface Line {
  readonly by: Who
  readonly at: Millis
  readonly text: string
  /** Which line of the talk it answers, by its place. */
  readonly replyTo?: number
  readonly mentions?: readonly Who[]
  readonly files?: readonly FileOfTalk[]
  /** Who reacted with what. */
  readonly reactions?: Readonly<Record<string, readonly Who[]>>
}

export interface Talk {
  readonly id: ConversationId
  readonly kind: rest.CreateConversation['kind']
  readonly title?: string
  readonly topic?: string
  /** The first one made it. */
  readonly members: readonly [Who, ...Who[]]
  readonly admins?: readonly Who[]
  readonly changes?: rest.UpdateConversation
  readonly lines: readonly Line[]
}

const JPEG = 'image/jpeg'
const photo = (name: string, make: FileOfTalk['make']): FileOfTalk => ({ name, type: JPEG, make })
const conversation = (n: number): ConversationId => fixedId(2, n)

export const STATION: Talk = {
  id: conversation(0x14),
  kind: 'group',
  title: 'Field station',
  topic: 'Autumn survey, 12–30 October. Call the hut before you go up.',
  members: ['ben', 'ana', 'chiara', 'layla', 'dmitri', 'mei', 'max'],
  admins: ['ana', 'mei'],
  lines: [
    {
      by: 'mei',
      at: at(1, '15:02'),
      text: 'Water level is **down 14 cm** since Friday. Gauge 3 needs a new battery.',
    },
    { by: 'dmitri', at: at(1, '15:20'), text: 'I have two in the van. Can be at the gauge before dark.' },
    {
      by: 'ana',
      at: at(1, '15:24'),
      text: 'Please do, and take the spare cable too. The path below the weir is *very* slippery.',
      replyTo: 1,
      reactions: { '👍': ['dmitri', 'mei'] },
    },
    { by: 'dmitri', at: at(1, '17:51'), text: 'Done. Readings come in again every ten minutes.' },
    {
      by: 'chiara',
      at: at(1, '18:05'),
      text: 'First light this morning, from the ridge.',
      files: [photo('ridge-first-light.jpg', dawn)],
      reactions: { '😍': ['ana', 'ben', 'layla', 'mei'], '🏔️': ['ben'] },
    },
    { by: 'ana', at: at(1, '18:12'), text: 'Worth getting up for.' },
    {
      by: 'ben',
      at: at(0, '06:58'),
      text: 'Morning! Plan for today:\n\n1. Transects **C** and **D** before the wind picks up\n2. Swap the cards in cameras 4–9\n3. Call the harbour about the boat',
    },
    { by: 'mei', at: at(0, '07:03'), text: 'C is mine. Who takes the cameras?' },
    { by: 'ana', at: at(0, '07:06'), text: 'I do. Back by noon.', replyTo: 7 },
    {
      by: 'mei',
      at: at(0, '08:31'),
      text: 'Counts of the last four weeks against the mean of five years. Look at the second half!',
      files: [{ name: 'counts-week-41.png', type: 'image/png', make: chart }],
    },
    {
      by: 'mei',
      at: at(0, '08:32'),
      text: 'And the report so far',
      files: [{ name: 'Autumn survey, interim report (draft 3).pdf', type: 'application/pdf', make: pdf }],
    },
    {
      by: 'ben',
      at: at(0, '08:50'),
      text: '@ana could you check the numbers for transect B before I send this to the ministry?',
      mentions: ['ana'],
      replyTo: 10,
    },
    { by: 'dmitri', at: at(0, '09:12'), text: 'Boat is ours from **14:00**. They want the key back by six.' },
    { by: 'ben', at: at(0, '09:15'), text: 'Perfect, thank you' },
  ],
}

export const HIKE: Talk = {
  id: conversation(0x23),
  kind: 'group',
  title: 'Weekend hike',
  members: ['ana', 'ben', 'chiara', 'noam'],
  lines: [
    { by: 'chiara', at: at(2, '19:40'), text: 'Saturday looks dry. Who is in?' },
    { by: 'ana', at: at(2, '19:44'), text: 'Me! Same valley as last year?' },
    {
      by: 'chiara',
      at: at(2, '19:47'),
      text: 'Exactly that one.',
      files: [photo('valley.jpg', valley), photo('last-evening.jpg', dusk)],
    },
    { by: 'noam', at: at(2, '20:02'), text: 'אני בפנים! מי מביא קפה?' },
    {
      by: 'ben',
      at: at(2, '20:15'),
      text: 'Coffee is on me. What we need:\n\n- water for two days\n- the *big* tent\n- somebody who can read a map',
    },
    {
      by: 'ana',
      at: at(2, '20:18'),
      text: 'Train at 7:12 from platform 4, back on Sunday at 18:40: https://trains.example.org/saturday',
    },
    { by: 'chiara', at: at(1, '21:10'), text: 'I have the tent. And I can read a map, unlike last year' },
    {
      by: 'ana',
      at: at(1, '21:12'),
      text: 'We agreed never to speak of that again.',
      replyTo: 6,
      reactions: { '😂': ['ben', 'chiara', 'noam'] },
    },
  ],
}

export const LAYLA: Talk = {
  id: conversation(0),
  kind: 'direct',
  members: ['ana', 'layla'],
  lines: [
    { by: 'layla', at: at(1, '10:05'), text: 'صباح الخير يا آنا! هل وصلت البطاريات الجديدة؟' },
    { by: 'ana', at: at(1, '10:09'), text: 'صباح النور، وصلت أمس مع ديمتري.' },
    {
      by: 'layla',
      at: at(1, '10:11'),
      text: 'ممتاز. سأكون في المحطة يوم الخميس حوالي الساعة 9:30، ومعي خريطة المسار الجديد.',
    },
    { by: 'ana', at: at(1, '10:12'), text: 'رائع! أرسلي لي النسخة الرقمية إن أمكن (PDF).', replyTo: 2 },
    {
      by: 'layla',
      at: at(1, '10:30'),
      text: 'ها هي',
      files: [{ name: 'خريطة المسار.pdf', type: 'application/pdf', make: pdf }],
    },
    { by: 'ana', at: at(1, '10:33'), text: 'شكراً جزيلاً، أراكِ يوم الخميس.', reactions: { '❤️': ['layla'] } },
  ],
}

const BEN: Talk = {
  id: conversation(0),
  kind: 'direct',
  members: ['ben', 'ana'],
  lines: [
    { by: 'ben', at: at(3, '12:20'), text: 'Did the parcel arrive?' },
    { by: 'ana', at: at(3, '12:31'), text: 'Yes, all twelve lanterns, none broken' },
    {
      by: 'ben',
      at: at(0, '09:31'),
      text: 'Quick one: may I give Priya your number? She wants to talk about the winter season.',
    },
    { by: 'ben', at: at(0, '09:32'), text: 'No hurry, she is away until Friday.' },
  ],
}

const NOAM: Talk = {
  id: conversation(0),
  kind: 'direct',
  members: ['noam', 'ana'],
  lines: [
    { by: 'noam', at: at(4, '08:15'), text: 'בוקר טוב, שלחתי לך את התמונות מהטיול' },
    { by: 'ana', at: at(4, '08:40'), text: 'תודה! הן יפות מאוד.' },
  ],
}

export const RELEASE: Talk = {
  id: conversation(0x36),
  kind: 'group',
  title: 'Logger firmware 2.4',
  members: ['dmitri', 'ana', 'mei', 'soren'],
  lines: [
    {
      by: 'dmitri',
      at: at(1, '13:00'),
      text: 'The drift comes from here: `interval` was read before the clock was set.',
    },
    {
      by: 'dmitri',
      at: at(1, '13:01'),
      text: '```\nexport function nextReading(now, interval) {\n  const since = now % interval\n  return now + interval - since\n}\n```',
    },
    {
      by: 'mei',
      at: at(1, '13:08'),
      text: 'So every logger that was restarted at night is off by up to one interval?',
    },
    {
      by: 'dmitri',
      at: at(1, '13:10'),
      text: 'Yes. The fix is one line, the test took me all morning. Details: https://code.example.org/loggers/changes/218',
    },
    {
      by: 'ana',
      at: at(1, '13:22'),
      text: 'Then let us roll it out to gauge 3 first, watch it for a night, and do the others tomorrow. If anything looks odd, go back to 2.3 at once: the old image is on the stick in the drawer below the radio, and the checksum is written on its label. I would rather lose one night of readings than one gauge.',
    },
    { by: 'soren', at: at(1, '13:40'), text: 'Sounds right to me.' },
  ],
}

/** Everything that was ever said, and where. Direct conversations get the id that follows from the two. */
export const TALKS: readonly Talk[] = [
  STATION,
  HIKE,
  LAYLA,
  BEN,
  NOAM,
  RELEASE,
  {
    id: conversation(0x41),
    kind: 'group',
    title: 'Steering committee for the renewal of the eastern lakeside footpath',
    members: ['max', 'ana', 'soren', 'chiara', 'ben', 'mei'],
    lines: [
      {
        by: 'max',
        at: at(0, '08:02'),
        text: 'Dear all, please find attached the minutes of our meeting of 6 October. Corrections by Friday, please; after that I shall consider them approved.',
        files: [{ name: 'minutes.zip', type: 'application/zip', make: zip }],
      },
      { by: 'soren', at: at(0, '08:20'), text: 'Thank you. Item 4 should say “gravel”, not “gravity”.' },
      { by: 'max', at: at(0, '08:22'), text: 'Noted, although the other version has its charm.', replyTo: 1 },
    ],
  },
  {
    id: conversation(0x58),
    kind: 'channel',
    title: 'Announcements',
    topic: 'What everybody should know. Only admins write here.',
    members: ['mei', 'ben', 'ana', 'chiara', 'layla', 'noam', 'max', 'dmitri', 'soren', 'priya'],
    admins: ['ana'],
    changes: { posting: 'admins' },
    lines: [
      {
        by: 'mei',
        at: at(5, '09:00'),
        text: 'The road to the hut is closed on Thursday between 8:00 and 11:00.',
      },
      {
        by: 'mei',
        at: at(0, '07:45'),
        text: '@everyone The new first-aid kits are in the boat house. Each team takes one.',
        mentions: [],
      },
    ],
  },
  {
    id: conversation(0x6f),
    kind: 'channel',
    title: 'Photography',
    topic: 'Your best picture of the week',
    members: ['chiara', 'ana', 'noam', 'layla', 'tomas'],
    lines: [
      { by: 'chiara', at: at(6, '20:30'), text: 'Theme of the week: *reflections*' },
      { by: 'tomas', at: at(4, '21:05'), text: 'Lough at dusk', files: [photo('lough.jpg', dusk)] },
    ],
  },
  {
    id: conversation(0x72),
    kind: 'group',
    title: 'Flat 12',
    topic: 'Bins on Tuesday, stairs on Saturday',
    members: ['tomas', 'ana', 'jonas'],
    lines: [
      { by: 'tomas', at: at(0, '07:31'), text: 'Whose bicycle is in the hall?' },
      { by: 'jonas', at: at(0, '07:52'), text: 'Not mine, I walk.' },
      { by: 'tomas', at: at(0, '07:53'), text: 'It has a basket.' },
    ],
  },
  {
    id: conversation(0x85),
    kind: 'group',
    title: 'Summer camp 2025',
    members: ['ana', 'ben', 'layla'],
    changes: { archived: true },
    lines: [{ by: 'layla', at: at(30, '18:00'), text: 'That was the last tent. See you next year!' }],
  },
  {
    id: conversation(0x94),
    kind: 'channel',
    title: 'Book club',
    topic: 'One book a month, no homework',
    members: ['noam', 'max'],
    lines: [{ by: 'noam', at: at(9, '17:00'), text: 'For November: something short.' }],
  },
  {
    id: conversation(0xa7),
    kind: 'channel',
    title: 'Ask anything',
    topic: 'There are no silly questions here, only silly answers',
    members: ['soren', 'ben', 'priya', 'mei'],
    lines: [{ by: 'priya', at: at(7, '11:00'), text: 'How do I export my data?' }],
  },
]
