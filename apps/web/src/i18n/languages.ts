import { en } from './en/index.ts'
import type { Catalogue } from './translate.ts'

export type Locale = 'en' | 'de' | 'ar'

export interface Shipped {
  readonly locale: Locale
  readonly direction: 'ltr' | 'rtl'
  readonly catalogue: Catalogue
}

/** What each language calls itself: whoever cannot read the app finds their own all the same. */
export const LANGUAGE_NAMES: Readonly<Record<Locale, string>> = {
  en: 'English',
  de: 'Deutsch',
  ar: 'العربية',
}

export const ENGLISH: Shipped = { locale: 'en', direction: 'ltr', catalogue: en }

/** The texts of a language; all but English are files of their own. */
export async function shippedLanguage(locale: Locale): Promise<Shipped> {
  switch (locale) {
    case 'en':
      return ENGLISH
    case 'de':
      return { locale, direction: 'ltr', catalogue: (await import('./de/index.ts')).de }
    case 'ar':
      return { locale, direction: 'rtl', catalogue: (await import('./ar/index.ts')).ar }
  }
}

/** The first of the preferred languages that is shipped, or English. */
export function bestLocale(preferred: readonly string[]): Locale {
  for (const tag of preferred) {
    const [language = ''] = tag.toLowerCase().split('-')
    if (isLocale(language)) return language
  }
  return 'en'
}

export const isLocale = (text: string): text is Locale => Object.hasOwn(LANGUAGE_NAMES, text)
