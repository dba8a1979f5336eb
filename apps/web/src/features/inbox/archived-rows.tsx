import { type ReactNode, useId, useState } from 'react'
import { useLanguage } from '../../i18n/language.tsx'
import { ForwardIcon } from '../../ui/icons.tsx'
import styles from './inbox.module.css'

interface ArchivedRowsProps {
  readonly count: number
  /** Something in it was asked for. */
  readonly mustShow: boolean
  readonly children: () => ReactNode
}

/** Archived conversations, folded away below the others. */
export function ArchivedRows({ count, mustShow, children }: ArchivedRowsProps) {
  const { t, formats } = useLanguage()
  const [isOpened, setIsOpened] = useState(false)
  const id = useId()
  const isOpen = isOpened || mustShow
  return (
    <section aria-labelledby={id}>
      <h2>
        <button
          type="button"
          id={id}
          className={styles.section}
          aria-expanded={isOpen}
          onClick={() => setIsOpened(!isOpen)}
        >
          <ForwardIcon size={14} />
          {t('inbox.archived')}
          <span className={styles.tally}>{formats.number(count)}</span>
        </button>
      </h2>
      {isOpen && <ul className={styles.rows}>{children()}</ul>}
    </section>
  )
}
