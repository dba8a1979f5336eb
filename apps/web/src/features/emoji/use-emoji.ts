import { useEffect, useState } from 'react'
import { useLanguage } from '../../i18n/language.tsx'
import type { Locale } from '../../i18n/languages.ts'
import { persistent } from '../../platform/persistent.ts'
import type { Emoji } from './emoji-set.ts'

const english = persistent(async () => (await import('./emoji-en.ts')).emoji)
const german = persistent(async () => (await import('./emoji-de.ts')).emoji)

/** All emoji with their words in a language, or in English where the library has none in it. */
export const loadEmoji = (locale: Locale): Promise<readonly Emoji[]> =>
  locale === 'de' ? german() : english()

/** Undefined until they are there, and while they are not wanted. */
export function useEmoji(isWanted = true): readonly Emoji[] | undefined {
  const { locale } = useLanguage()
  const [all, setAll] = useState<readonly Emoji[]>()
  useEffect(() => {
    if (!isWanted) return undefined
    let isThere = true
    void loadEmoji(locale).then((loaded) => isThere && setAll(loaded))
    return () => {
      isThere = false
    }
  }, [isWanted, locale])
  return all
}
