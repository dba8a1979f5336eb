import type { EventId } from '@parley/protocol'
import { useCallback, useState } from 'react'
import { useLanguage } from '../../i18n/language.tsx'
import { useNames } from '../../people.ts'
import { plainText } from './markdown.ts'
import type { Row } from './rows.ts'

interface Landed {
  readonly id: EventId
  readonly count: number
}

interface Landings {
  /** The message to tell of, which the keyboard was not taken to. */
  readonly landed: Landed | undefined
  land(id: EventId): void
}

interface LandingInput {
  readonly setCurrent: (id: EventId) => void
  readonly reach: (id: EventId) => void
}

/**
 * A jump takes the keyboard along to where it leads. Who stands in a field may be writing, and goes on doing so:
 * they are told where they are, and the way into the list leads there.
 */
export function useLanding({ setCurrent, reach }: LandingInput): Landings {
  const [landed, setLanded] = useState<Landed>()
  const land = useCallback(
    (id: EventId) => {
      const isWriting = document.activeElement?.matches('textarea, input') === true
      if (!isWriting) return reach(id)
      setCurrent(id)
      setLanded((before) => ({ id, count: (before?.count ?? 0) + 1 }))
    },
    [setCurrent, reach],
  )
  return { landed, land }
}

/** Always there, so that a screen reader hears of what appears in it. */
export function Landing({ landed, rows }: { landed: Landed | undefined; rows: readonly Row[] }) {
  const { t } = useLanguage()
  const item = landed && rows.find((row) => row.item.id === landed.id)?.item
  const message = item?.kind === 'message' ? item : undefined
  const [author = ''] = useNames(message === undefined ? [] : [message.author])
  const text = message === undefined ? '' : plainText(message.text)
  const files = message?.attachments.length ?? 0
  return (
    <p className="visually-hidden" role="status">
      {/* The same place again is told again. */}
      <span key={landed?.count}>
        {message !== undefined &&
          t('conversation.live', {
            author,
            text: text === '' ? t('message.attachments', { count: files }) : text,
          })}
      </span>
    </p>
  )
}
