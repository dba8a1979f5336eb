import type { ConversationView } from '@parley/client'
import { can, DEFAULT_LIMITS, type Mention, type UserId } from '@parley/protocol'
import { lazy, Suspense } from 'react'
import { useAccount } from '../../context.tsx'
import { useLanguage } from '../../i18n/language.tsx'
import { useObservable } from '../../observe.ts'
import { useProfile } from '../../people.ts'
import { persistent } from '../../platform/persistent.ts'
import { Avatar } from '../../ui/avatar.tsx'
import { IconButton } from '../../ui/button.tsx'
import { EditIcon, PlusIcon } from '../../ui/icons.tsx'
import { MessageText } from '../conversation/markdown-view.tsx'
import { titleOf } from '../inbox/titles.ts'
import { Activity } from '../person/activity.tsx'
import { InPlace } from './in-place.tsx'
import { kindWords } from './kind-words.ts'
import { useCreation } from './use-creation.ts'
import styles from './about.module.css'

const GroupPicture = lazy(persistent(() => import('../pictures/group-picture.tsx')))

const NOBODY: ReadonlyMap<string, Mention> = new Map()

interface AboutProps {
  readonly view: ConversationView
  readonly self: UserId
  /** Of somebody who is in it. */
  readonly isIn: boolean
}

/** What a conversation is; for those who may, with ways to change it where it stands. */
export function About({ view, self, isIn }: AboutProps) {
  const { t } = useLanguage()
  const title = titleOf(view, t)
  const mayUpdate = isIn && can(self, { do: 'update' }, view)
  return (
    <section className={styles.about} aria-label={t('details.about')}>
      {mayUpdate ? (
        <Suspense fallback={<Avatar id={view.id} name={title} shape="group" size="huge" />}>
          <GroupPicture view={view} />
        </Suspense>
      ) : view.other === undefined ? (
        <Avatar id={view.id} name={title} shape="group" size="huge" />
      ) : (
        <Avatar id={view.other} name={title} size="huge" />
      )}
      <Title view={view} mayUpdate={mayUpdate} />
      {view.changing.has('title') && <Waiting />}
      {view.other !== undefined && <Other user={view.other} />}
      <p className={styles.kind}>{t(kindWords(view))}</p>
      {view.kind !== 'direct' && <Topic view={view} mayUpdate={mayUpdate} />}
      {view.changing.has('topic') && <Waiting />}
      {view.kind !== 'direct' && <Creation view={view} self={self} />}
    </section>
  )
}

interface TextProps {
  readonly view: ConversationView
  readonly mayUpdate: boolean
}

function Title({ view, mayUpdate }: TextProps) {
  const account = useAccount()
  const { t } = useLanguage()
  const limit = useObservable(account.welcome)?.limits['titleCharacters'] ?? DEFAULT_LIMITS.titleCharacters
  return (
    <InPlace
      label={t(view.kind === 'channel' ? 'details.channel-name' : 'group.name')}
      value={view.title}
      limit={limit}
      onSave={(title) => account.updateConversation(view.id, { title })}
    >
      {(edit, button) => (
        <div className={styles.title}>
          <h3 dir="auto">{titleOf(view, t)}</h3>
          {mayUpdate && (
            <IconButton
              ref={button}
              size="small"
              label={t('details.rename')}
              icon={<EditIcon size={16} />}
              onClick={edit}
            />
          )}
        </div>
      )}
    </InPlace>
  )
}

function Topic({ view, mayUpdate }: TextProps) {
  const account = useAccount()
  const { t } = useLanguage()
  const { topic } = view
  if (!mayUpdate && topic === '') return null
  return (
    <InPlace
      label={t('details.topic')}
      value={topic}
      isOptional
      onSave={(next) => account.updateConversation(view.id, { topic: next })}
    >
      {(edit, button) => (
        <div className={styles.topic}>
          {topic === '' ? (
            <button type="button" ref={button} className={styles.add} onClick={edit}>
              <PlusIcon size={16} />
              {t('details.topic.add')}
            </button>
          ) : (
            <>
              <div className={styles.words} dir="auto">
                <MessageText text={topic} handles={NOBODY} ownHandle="" />
              </div>
              {mayUpdate && (
                <IconButton
                  ref={button}
                  size="small"
                  label={t('details.topic.edit')}
                  icon={<EditIcon size={16} />}
                  onClick={edit}
                />
              )}
            </>
          )}
        </div>
      )}
    </InPlace>
  )
}

function Waiting() {
  const { t } = useLanguage()
  return <span className={styles.waiting}>{t('details.waiting')}</span>
}

/** Of a direct conversation: by which name the other can be found, and when they were here. */
function Other({ user }: { user: UserId }) {
  const username = useProfile(user)?.username ?? ''
  return (
    <p className={styles.other}>
      {username !== '' && <bdi dir="ltr">@{username}</bdi>}
      <span>
        <Activity user={user} />
      </span>
    </p>
  )
}

function Creation({ view, self }: { view: ConversationView; self: UserId }) {
  const creation = useCreation(view)
  return creation === undefined ? null : <CreationWords {...creation} self={self} />
}

function CreationWords({ author, at, self }: { author: UserId; at: number; self: UserId }) {
  const { t, formats } = useLanguage()
  const name = useProfile(author)?.name
  const day = formats.day(at, Date.now())
  return (
    <p className={styles.kind}>
      {author === self
        ? t('details.created.you', { day })
        : name === undefined
          ? t('details.created', { day })
          : t('details.created.by', { name, day })}
    </p>
  )
}
