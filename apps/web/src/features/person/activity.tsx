import type { UserId } from '@parley/protocol'
import { useLanguage } from '../../i18n/language.tsx'
import { useActivity } from '../../people.ts'

/** "Online", or when somebody last was; nothing, where that is not for this person to know. */
export function Activity({ user }: { user: UserId }) {
  const { t, formats } = useLanguage()
  const { isOnline, lastActiveAt } = useActivity(user)
  if (isOnline) return t('inbox.online')
  return lastActiveAt === undefined
    ? null
    : t('details.last-active', { ago: formats.relative(lastActiveAt, Date.now()) })
}
