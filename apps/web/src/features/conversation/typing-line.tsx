import type { Presence } from '@parley/client'
import { useLanguage } from '../../i18n/language.tsx'
import styles from './conversation.module.css'

/** More names than this say less than "several people". */
const MAX_NAMES = 3

/** "Ana and Ben are typing": in a place that is always there, so that nothing moves. */
export function TypingLine({ typing }: { typing: Presence['typing'] }) {
  const { t, formats } = useLanguage()
  const names = [...new Set(typing.map(({ name }) => name))]
  const words =
    names.length === 0
      ? ''
      : names.length > MAX_NAMES
        ? t('conversation.typing.several')
        : t('conversation.typing', { count: names.length, names: formats.list(names) })
  return (
    <p className={styles.typing} role="status" data-shown={words !== '' || undefined}>
      {words !== '' && (
        <>
          <span className={styles.dots} aria-hidden="true">
            <i />
            <i />
            <i />
          </span>
          <bdi>{words}</bdi>
        </>
      )}
    </p>
  )
}
