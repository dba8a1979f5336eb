import { useAccount } from '../../context.tsx'
import { useLanguage } from '../../i18n/language.tsx'
import { useObservable } from '../../observe.ts'
import type { MessageSearch } from './use-message-search.ts'
import styles from './search.module.css'

interface SearchedWordsProps extends Pick<MessageSearch, 'device' | 'server'> {
  /** Nothing is typed yet. */
  readonly isEmpty: boolean
  /** All of the history is on this device. */
  readonly isComplete: boolean
}

/** What was looked through, and what more could be: the device as far as it is indexed, and the server. */
export function SearchedWords({ isEmpty, device, server, isComplete }: SearchedWordsProps) {
  const { t, formats } = useLanguage()
  const { state, indexed, held, isKept } = useObservable(useAccount().searching)
  const counts = { have: formats.number(Math.min(indexed, held)), total: formats.number(held) }
  const own =
    device === 'unavailable'
      ? t('search.device.unavailable')
      : state === 'closed'
        ? t('search.device.opening')
        : state === 'stopped'
          ? t('search.device.stopped', counts)
          : indexed < held
            ? t('search.device.indexing', counts)
            : t('search.device.all', { total: counts.total })
  return (
    <footer className={styles.footer}>
      {isEmpty && <p>{t('search.hint')}</p>}
      <p role="status">
        {own} {!isEmpty && t(serverWords())}
      </p>
      {state !== 'closed' && !isKept && <p>{t('search.device.not-kept')}</p>}
    </footer>
  )

  function serverWords() {
    if (isComplete) return 'search.server.not-needed'
    if (server === 'found') return 'search.server.found'
    if (server === 'searching') return 'search.server.searching'
    return 'search.server.away'
  }
}
