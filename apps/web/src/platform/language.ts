import { bestLocale, isLocale, type Locale } from '../i18n/languages.ts'

const KEY = 'parley.language'

/** Of this device and outside of the account, as it is needed before anybody signs in. Undefined: the browser's. */
export function chosenLocale(): Locale | undefined {
  try {
    const kept = localStorage.getItem(KEY) ?? ''
    return isLocale(kept) ? kept : undefined
  } catch {
    return undefined
  }
}

export const currentLocale = (): Locale => chosenLocale() ?? bestLocale(navigator.languages)

export function keepLocale(locale: Locale | undefined): void {
  try {
    if (locale === undefined) localStorage.removeItem(KEY)
    else localStorage.setItem(KEY, locale)
  } catch {
    // Storage is forbidden in some private modes: the choice then lasts until the window closes.
  }
}
