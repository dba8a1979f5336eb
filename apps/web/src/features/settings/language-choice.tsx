import { useState } from 'react'
import { useSpeaking } from '../../i18n/language.tsx'
import { bestLocale, isLocale, LANGUAGE_NAMES, type Locale } from '../../i18n/languages.ts'
import { chosenLocale, keepLocale } from '../../platform/language.ts'
import { Notice } from '../../ui/notice.tsx'
import { Choice } from './choice.tsx'
import { Section } from './section.tsx'

const LOCALES = Object.keys(LANGUAGE_NAMES).filter(isLocale)

/** In which language the app speaks on this device. It changes at once, without anything being lost. */
export function LanguageChoice() {
  const { t, speak } = useSpeaking()
  const [chosen, setChosen] = useState<Locale | 'system'>(() => chosenLocale() ?? 'system')
  const [hasFailed, setHasFailed] = useState(false)
  const own = bestLocale(navigator.languages)
  const choose = (value: Locale | 'system'): void => {
    const before = chosen
    setChosen(value)
    setHasFailed(false)
    speak(value === 'system' ? own : value).then(
      () => keepLocale(value === 'system' ? undefined : value),
      () => {
        // Its texts are a file of their own, which a first visit may not have fetched yet.
        setChosen(before)
        setHasFailed(true)
      },
    )
  }
  return (
    <Section title={t('settings.language')} lead={t('settings.language.lead')}>
      {hasFailed && <Notice look="danger">{t('settings.language.failed')}</Notice>}
      <Choice
        look="lines"
        label={t('settings.language')}
        chosen={chosen}
        onChoose={choose}
        options={[
          {
            value: 'system' as const,
            label: t('settings.language.system'),
            hint: <bdi lang={own}>{LANGUAGE_NAMES[own]}</bdi>,
          },
          ...LOCALES.map((value) => ({
            value,
            label: (
              <bdi lang={value} dir="auto">
                {LANGUAGE_NAMES[value]}
              </bdi>
            ),
          })),
        ]}
      />
    </Section>
  )
}
