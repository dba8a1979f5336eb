import type { Link } from '@parley/client'
import { type Millis, unreachable } from '@parley/protocol'
import type { Language } from '../../i18n/language.tsx'

/** What to say about the connection and the number of things that wait for it; undefined: nothing to say. */
export function linkWords(
  link: Link,
  waiting: number,
  now: Millis,
  { t, formats }: Language,
): string | undefined {
  switch (link.state) {
    case 'live':
      return undefined
    case 'offline':
      return waiting > 0 ? t('status.offline.waiting', { count: waiting }) : t('status.offline.none')
    case 'connecting':
      return waiting > 0 ? t('status.connecting.waiting', { count: waiting }) : t('status.connecting')
    case 'waiting': {
      const when = formats.relative(Math.max(link.retryAt, now + 1000), now)
      return waiting > 0 ? t('status.down.waiting', { count: waiting, when }) : t('status.down', { when })
    }
    case 'refused':
      // Said by the session: it has expired, and signing in again is the way on.
      return undefined
    default:
      return unreachable(link)
  }
}
