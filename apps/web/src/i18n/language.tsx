import {
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useLayoutEffect,
  useMemo,
  useState,
} from 'react'
import { DirectionProvider } from '@base-ui/react/direction-provider'
import { type Formats, formats } from './format.ts'
import { ENGLISH, type Locale, type Shipped, shippedLanguage } from './languages.ts'
import { type Translate, translator } from './translate.ts'

export interface Language {
  readonly locale: Locale
  readonly t: Translate
  readonly formats: Formats
}

/** Words come from the shipped language; dates and numbers from the person's own variant of it (en-GB, en-AU …). */
export function languageFor(preferred: readonly string[], shipped: Shipped = ENGLISH): Language {
  const variant = preferred.find((tag) => tag === shipped.locale || tag.startsWith(`${shipped.locale}-`))
  return {
    locale: shipped.locale,
    t: translator(shipped.locale, shipped.catalogue),
    formats: formats(variant ?? shipped.locale),
  }
}

interface Speaking extends Language {
  /** Resolves once everything is said in that language; rejects where its texts cannot be had. */
  readonly speak: (locale: Locale) => Promise<void>
}

const LanguageContext = createContext<Speaking | undefined>(undefined)

interface LanguageProviderProps {
  readonly initial: Shipped
  readonly children: ReactNode
}

export function LanguageProvider({ initial, children }: LanguageProviderProps) {
  const [shipped, setShipped] = useState(initial)
  const speak = useCallback(async (locale: Locale) => setShipped(await shippedLanguage(locale)), [])
  const speaking = useMemo(() => ({ ...languageFor(navigator.languages, shipped), speak }), [shipped, speak])
  useLayoutEffect(() => {
    document.documentElement.lang = shipped.locale
    document.documentElement.dir = shipped.direction
  }, [shipped])
  return (
    <LanguageContext value={speaking}>
      <DirectionProvider direction={shipped.direction}>{children}</DirectionProvider>
    </LanguageContext>
  )
}

export const useLanguage = (): Language => useSpeaking()

/** For where the language is chosen. */
export function useSpeaking(): Speaking {
  const language = useContext(LanguageContext)
  if (language === undefined) throw new Error('no LanguageProvider above')
  return language
}
