import { createContext, type ReactNode, useContext, useMemo } from 'react'
import { DirectionProvider } from '@base-ui/react/direction-provider'
import { en } from './en.ts'
import { type Formats, formats } from './format.ts'
import { type Catalogue, type Translate, translator } from './translate.ts'

export interface Language {
  readonly t: Translate
  readonly formats: Formats
}

interface Shipped {
  readonly locale: string
  readonly direction: 'ltr' | 'rtl'
  readonly catalogue: Catalogue
}

const ENGLISH: Shipped = { locale: 'en', direction: 'ltr', catalogue: en }

/** Words come from the shipped language; dates and numbers from the person's own variant of it (en-GB, en-AU …). */
export function languageFor(preferred: readonly string[], shipped: Shipped = ENGLISH): Language {
  const variant = preferred.find((tag) => tag === shipped.locale || tag.startsWith(`${shipped.locale}-`))
  return { t: translator(shipped.locale, shipped.catalogue), formats: formats(variant ?? shipped.locale) }
}

const LanguageContext = createContext<Language | undefined>(undefined)

export function LanguageProvider({ children }: { children: ReactNode }) {
  const language = useMemo(() => languageFor(navigator.languages), [])
  const direction = document.documentElement.dir === 'rtl' ? 'rtl' : 'ltr'
  return (
    <LanguageContext value={language}>
      <DirectionProvider direction={direction}>{children}</DirectionProvider>
    </LanguageContext>
  )
}

export function useLanguage(): Language {
  const language = useContext(LanguageContext)
  if (language === undefined) throw new Error('no LanguageProvider above')
  return language
}
