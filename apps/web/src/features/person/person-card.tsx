import { Dialog } from '@base-ui/react/dialog'
import { Popover } from '@base-ui/react/popover'
import type { UserId } from '@parley/protocol'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { useLanguage } from '../../i18n/language.tsx'
import { useActivity, useName, useProfile } from '../../people.ts'
import { Avatar } from '../../ui/avatar.tsx'
import { ClockIcon } from '../../ui/icons.tsx'
import panel from '../../ui/panel.module.css'
import { Activity } from './activity.tsx'
import { CommonConversations } from './common-conversations.tsx'
import { CopyUsername } from './copy-username.tsx'
import { PersonActions } from './person-actions.tsx'
import { PersonQuestion, type Ending } from './person-question.tsx'
import { RefusedLine } from './refused-line.tsx'
import type { RelationTo } from './relation.ts'
import { useRefused, useRelation } from './use-relation.ts'
import styles from './person.module.css'

interface PersonCardProps {
  readonly user: UserId
  /** What was pressed: the card stands beside it, and the focus returns to it. */
  readonly anchor: HTMLElement
  readonly onClose: () => void
}

/** Who somebody is and what can be done with them: beside their name, on a phone from the bottom edge. */
export default function PersonCard({ user, anchor, onClose }: PersonCardProps) {
  const { t } = useLanguage()
  const name = useName(user)
  const [question, setQuestion] = useState<Ending>()
  const [isPhone] = useState(() => matchMedia('(width < 45rem)').matches)
  const returning = useRef(anchor)
  // The card itself: who it is about is read out before what can be done.
  const card = useRef<HTMLDivElement>(null)
  useEffect(() => {
    // A question takes the card's place: by then the card, which would give the focus back, is gone.
    if (question !== undefined) return () => anchor.focus()
  }, [anchor, question])
  if (question !== undefined) return <PersonQuestion user={user} question={question} onClose={onClose} />
  const words = {
    ref: card,
    className: [panel.panel, panel.opening, styles.card].join(' '),
    'aria-label': t('person.card', { name }),
    initialFocus: card,
    finalFocus: returning,
  }
  const body = <Body user={user} name={name} onAsk={setQuestion} onLeave={onClose} />
  if (isPhone) {
    return (
      <Dialog.Root open onOpenChange={onClose}>
        <Dialog.Portal>
          <Dialog.Backdrop className={panel.backdrop} />
          <Dialog.Popup {...words} data-sheet>
            {body}
          </Dialog.Popup>
        </Dialog.Portal>
      </Dialog.Root>
    )
  }
  return (
    <Popover.Root
      open
      onOpenChange={(_, { reason, event }) => {
        // Pressing the same name again closes by itself; closed here, it would open anew.
        if (reason === 'outside-press' && event.target instanceof Node && anchor.contains(event.target))
          return
        onClose()
      }}
    >
      <Popover.Portal>
        <Popover.Positioner
          className={panel.above}
          anchor={anchor}
          side="inline-end"
          align="start"
          sideOffset={8}
          collisionPadding={12}
        >
          <Popover.Popup {...words}>{body}</Popover.Popup>
        </Popover.Positioner>
      </Popover.Portal>
    </Popover.Root>
  )
}

interface BodyProps {
  readonly user: UserId
  readonly name: string
  readonly onAsk: (question: Ending) => void
  readonly onLeave: () => void
}

function Body({ user, name, onAsk, onLeave }: BodyProps): ReactNode {
  const { t } = useLanguage()
  const profile = useProfile(user)
  const { isOnline } = useActivity(user)
  const relation = useRelation(user)
  const refused = useRefused(user)
  return (
    <>
      <header className={styles.header}>
        <Avatar id={user} name={name} size="large" isOnline={isOnline} />
        <div className={styles.naming}>
          <h2 dir="auto">{name}</h2>
          {profile !== undefined && profile.deleted !== true && (
            <p className={styles.handle}>
              <bdi dir="ltr">@{profile.username}</bdi>
              <CopyUsername username={profile.username} />
            </p>
          )}
          <p className={styles.activity}>
            <Activity user={user} />
          </p>
        </div>
      </header>
      {profile?.deleted === true ? (
        <p className={styles.standing}>{t('person.deleted')}</p>
      ) : (
        <>
          <Standing relation={relation} name={name} />
          {refused.map((each) => (
            <RefusedLine key={each.id} refused={each} />
          ))}
          <PersonActions user={user} relation={relation} onAsk={onAsk} onLeave={onLeave} />
          {relation.is !== 'self' && <CommonConversations user={user} onLeave={onLeave} />}
        </>
      )}
    </>
  )
}

/** What the two are to each other, in words; announced when it changes under one's hand. */
function Standing({ relation, name }: { relation: RelationTo; name: string }) {
  const { t, formats } = useLanguage()
  const words = (): string => {
    switch (relation.is) {
      case 'self':
        return t('person.self')
      case 'stranger':
        return ''
      case 'friend':
        return t('person.friend.since', { date: formats.day(relation.entry.at, Date.now()) })
      default:
        return t(`person.${relation.is}`, { name })
    }
  }
  const isWaiting = 'entry' in relation && relation.entry.fate !== undefined
  return (
    <p className={styles.standing} role="status">
      {words()}
      {isWaiting && (
        <span className={styles.waiting}>
          <ClockIcon size={14} /> {t('person.waiting')}
        </span>
      )}
    </p>
  )
}
