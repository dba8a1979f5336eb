import type { SearchHit } from '@parley/client'
import { useId, useMemo } from 'react'
import { useAccount } from '../../context.tsx'
import { useLanguage } from '../../i18n/language.tsx'
import { useObservable } from '../../observe.ts'
import { useName } from '../../people.ts'
import { Avatar } from '../../ui/avatar.tsx'
import { FileIcon } from '../../ui/icons.tsx'
import { KeyHint } from '../keys/key-hint.tsx'
import { titleOf } from '../inbox/titles.ts'
import type { Choice } from './choices.ts'
import { excerptOf } from './excerpt.ts'
import { plainHit } from './plain-hit.ts'
import styles from './search.module.css'

interface ChoiceGroupProps {
  readonly label: string
  readonly choices: readonly Choice[]
  readonly current: Choice | undefined
  readonly optionId: (choice: Choice) => string
  readonly onPoint: (choice: Choice) => void
  readonly onOpen: (choice: Choice) => void
}

export function ChoiceGroup({ label, choices, current, optionId, onPoint, onOpen }: ChoiceGroupProps) {
  const id = useId()
  return (
    <div role="group" aria-labelledby={id}>
      <div id={id} role="presentation" className={styles.label}>
        {label}
      </div>
      {choices.map((choice) => (
        // The keys are the box's: it keeps the focus and names the active option.
        // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus
        <div
          key={choice.key}
          id={optionId(choice)}
          role="option"
          aria-selected={choice === current}
          className={styles.choice}
          onPointerMove={() => onPoint(choice)}
          onPointerDown={(event) => event.preventDefault()}
          onClick={() => onOpen(choice)}
        >
          <ChoiceWords choice={choice} />
        </div>
      ))}
    </div>
  )
}

function ChoiceWords({ choice }: { choice: Choice }) {
  const { t } = useLanguage()
  switch (choice.kind) {
    case 'conversation': {
      const title = titleOf(choice.view, t)
      const { id, other } = choice.view
      return (
        <>
          <Avatar
            id={other ?? id}
            name={title}
            shape={other === undefined ? 'group' : 'person'}
            size="small"
          />
          <bdi className={styles.name}>{title}</bdi>
        </>
      )
    }
    case 'person':
      return (
        <>
          <Avatar id={choice.person.id} name={choice.name} size="small" />
          <bdi className={styles.name}>{choice.name}</bdi>
          <span dir="ltr" className={styles.handle}>
            @{choice.person.profile?.username}
          </span>
        </>
      )
    case 'message':
      return <Message hit={choice.hit} />
    case 'command':
      return (
        <>
          <span className={styles.command}>{choice.command.words}</span>
          {choice.command.keys !== undefined && <KeyHint id={choice.command.keys} />}
        </>
      )
    case 'more':
      return <span className={styles.more}>{t('search.more')}</span>
  }
}

function Message({ hit: { conversation, event, highlights } }: { hit: SearchHit }) {
  const { t, formats } = useLanguage()
  const account = useAccount()
  const view = useObservable(useMemo(() => account.conversation(conversation), [account, conversation]))
  const author = useName(event.author)
  const pieces = useMemo(() => {
    const words = plainHit(event.text, highlights)
    return excerptOf(words.text, words.highlights)
  }, [event.text, highlights])
  const files = event.attachments ?? []
  return (
    <span className={styles.message}>
      <span className={styles.about}>
        <bdi className={styles.author}>{author}</bdi>
        {view !== undefined && view.other === undefined && (
          <bdi className={styles.where}>{titleOf(view, t)}</bdi>
        )}
        <time
          className={styles.time}
          dateTime={new Date(event.at).toISOString()}
          title={formats.full(event.at)}
        >
          {formats.short(event.at, Date.now())}
        </time>
      </span>
      {pieces.length > 0 && (
        <span className={styles.text} dir="auto">
          {pieces.map((piece, index) =>
            // A piece has no other name than its place, and pieces are never moved.
            piece.isFound ? <mark key={index}>{piece.text}</mark> : <span key={index}>{piece.text}</span>,
          )}
        </span>
      )}
      {files.length > 0 && (
        <span className={styles.files}>
          <FileIcon size={14} />
          <bdi>{formats.list(files.map(({ name }) => name))}</bdi>
        </span>
      )}
    </span>
  )
}
