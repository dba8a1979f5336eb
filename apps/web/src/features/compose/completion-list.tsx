import { useLanguage } from '../../i18n/language.tsx'
import { Avatar } from '../../ui/avatar.tsx'
import { PeopleIcon } from '../../ui/icons.tsx'
import panel from '../../ui/panel.module.css'
import { inTone } from '../emoji/emoji-set.ts'
import { skinTone } from '../emoji/skin-tone.ts'
import type { Candidate, Offer } from './completion.ts'
import type { Completion } from './use-completion.ts'
import styles from './completion.module.css'

export const COMPLETION_LIST = 'composer-completion'
export const optionId = ({ key }: Offer): string => `${COMPLETION_LIST}-${key}`

interface CompletionListProps {
  readonly completion: Completion
  /** Members of a channel could not be asked for. */
  readonly areSomeUnknown: boolean
}

/** Above the composer, whose box keeps the focus and names the active one. */
export function CompletionList({ completion, areSomeUnknown }: CompletionListProps) {
  const { t } = useLanguage()
  const { asked, offered, active, activate, choose } = completion
  const count = offered.length
  const isUnsure = areSomeUnknown && asked?.for === 'people'
  const words = (): string => {
    if (isUnsure && count === 0) return t('compose.mentions.offline')
    if (count === 0) return ''
    return asked?.for === 'emoji' ? t('emoji.list.found', { count }) : t('compose.mentions.found', { count })
  }
  return (
    <>
      <p className="visually-hidden" role="status">
        {words()}
      </p>
      {(count > 0 || isUnsure) && (
        <div className={[panel.panel, styles.above].join(' ')}>
          {count > 0 && (
            <ul
              id={COMPLETION_LIST}
              role="listbox"
              aria-label={t(asked?.for === 'emoji' ? 'emoji.list' : 'compose.mentions')}
            >
              {offered.map((offer) => (
                // The keys are the box's: see `useCompletion`.
                // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
                <li
                  key={offer.key}
                  id={optionId(offer)}
                  role="option"
                  aria-selected={offer === active}
                  className={styles.option}
                  onPointerMove={() => activate(offer)}
                  onPointerDown={(event) => event.preventDefault()}
                  onClick={() => choose(offer)}
                >
                  {offer.kind === 'person' ? (
                    <Person candidate={offer.candidate} />
                  ) : (
                    <>
                      <span className={styles.sign}>{inTone(offer.emoji, skinTone())}</span>
                      <bdi>{offer.emoji.label}</bdi>
                      <span dir="ltr" className={styles.handle}>
                        :{offer.name}:
                      </span>
                    </>
                  )}
                </li>
              ))}
            </ul>
          )}
          {isUnsure && <p className={styles.unsure}>{t('compose.mentions.offline')}</p>}
        </div>
      )}
    </>
  )
}

function Person({ candidate: { mention, name, handle, role, isOnline = false } }: { candidate: Candidate }) {
  const { t } = useLanguage()
  return (
    <>
      {mention === 'everyone' ? (
        <span className={styles.all}>
          <PeopleIcon size={16} />
        </span>
      ) : (
        <Avatar id={mention} name={name} size="small" isOnline={isOnline} />
      )}
      <bdi>{name}</bdi>
      {isOnline && <span className="visually-hidden">{t('compose.mentions.online')}</span>}
      {(role === 'owner' || role === 'admin') && (
        <span className={styles.role}>{t(`details.role.${role}`)}</span>
      )}
      <span dir="ltr" className={styles.handle}>
        @{handle}
      </span>
    </>
  )
}
