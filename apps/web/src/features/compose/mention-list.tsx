import { useLanguage } from '../../i18n/language.tsx'
import { Avatar } from '../../ui/avatar.tsx'
import { PeopleIcon } from '../../ui/icons.tsx'
import type { Candidate } from './completion.ts'
import type { Completion } from './use-completion.ts'
import styles from './composer.module.css'

export const MENTION_LIST = 'composer-mentions'
export const optionId = ({ mention }: Candidate): string => `${MENTION_LIST}-${mention}`

/** Above the composer, whose box keeps the focus and names the active one. */
export function MentionList({
  completion: { offered, active, activate, choose },
}: {
  completion: Completion
}) {
  const { t } = useLanguage()
  return (
    <>
      <p className="visually-hidden" role="status">
        {offered.length > 0 && t('compose.mentions.found', { count: offered.length })}
      </p>
      {offered.length > 0 && (
        <ul id={MENTION_LIST} role="listbox" aria-label={t('compose.mentions')} className={styles.mentions}>
          {offered.map((candidate) => (
            // The keys are the box's: see `useCompletion`.
            // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
            <li
              key={candidate.mention}
              id={optionId(candidate)}
              role="option"
              aria-selected={candidate === active}
              className={styles.mention}
              onPointerMove={() => activate(candidate)}
              onPointerDown={(event) => event.preventDefault()}
              onClick={() => choose(candidate)}
            >
              {candidate.mention === 'everyone' ? (
                <span className={styles.all}>
                  <PeopleIcon size={16} />
                </span>
              ) : (
                <Avatar id={candidate.mention} name={candidate.name} size="small" />
              )}
              <bdi>{candidate.name}</bdi>
              <span dir="ltr" className={styles.handle}>
                @{candidate.handle}
              </span>
            </li>
          ))}
        </ul>
      )}
    </>
  )
}
