import type { ConversationView } from '@parley/client'
import type { Event, Millis, UserId } from '@parley/protocol'
import type { Formats } from '../../i18n/format.ts'
import type { Translate } from '../../i18n/translate.ts'
import { noticePeople, noticeWords } from '../conversation/notice-words.ts'

interface ReadableOptions {
  readonly t: Translate
  readonly formats: Formats
  readonly now: Millis
  readonly nameOf: (user: UserId) => string
}

/** Above the messages: what it is, and how much of it there is. */
export function readableHead(
  title: string,
  { topic }: Pick<ConversationView, 'topic'>,
  isWhole: boolean,
  { t, formats, now }: ReadableOptions,
): string {
  const lines = [`# ${title}`]
  if (topic !== '') lines.push(topic)
  lines.push(`_${t('details.readable.made', { when: formats.full(now) })}_`)
  if (!isWhole) lines.push(`_${t('details.readable.part')}_`)
  return `${lines.join('\n\n')}\n`
}

/** Events as Markdown, with a heading for each day; `before` is the one that stands above them. */
export function readableEvents(
  events: readonly Event[],
  before: Event | undefined,
  { t, formats, now, nameOf }: ReadableOptions,
): string {
  let day = before === undefined ? '' : formats.day(before.at, now)
  let text = ''
  for (const event of events) {
    const paragraph = paragraphOf(event, nameOf, t, formats)
    if (paragraph === undefined) continue
    const itsDay = formats.day(event.at, now)
    if (itsDay !== day) text += `\n## ${itsDay}\n`
    day = itsDay
    text += `\n${paragraph}\n`
  }
  return text
}

function paragraphOf(
  event: Event,
  nameOf: ReadableOptions['nameOf'],
  t: Translate,
  formats: Formats,
): string | undefined {
  switch (event.type) {
    case 'message': {
      const head = `**${t('message.by', { author: nameOf(event.author), time: formats.time(event.at) })}**`
      const files = (event.attachments ?? []).map(({ name, bytes }) =>
        t('details.readable.file', { name, size: formats.bytes(bytes) }),
      )
      return [head, ...(event.text === '' ? [] : [event.text]), ...files.map((file) => `- ${file}`)].join(
        '\n\n',
      )
    }
    case 'member':
    case 'meta':
      return `_${noticeWords(event, noticePeople(event).map(nameOf), t)}_`
    case 'reaction':
      return undefined
  }
}
