import { useState } from 'react'
import { useLanguage } from '../../i18n/language.tsx'
import { type Density, density, setDensity, setTheme, type Theme, theme } from '../../platform/appearance.ts'
import { Choice } from './choice.tsx'
import { Section } from './section.tsx'
import parts from './parts.module.css'
import styles from './appearance.module.css'

const THEMES: readonly Theme[] = ['system', 'light', 'dark']
const DENSITIES: readonly Density[] = ['comfortable', 'compact']

/** How it looks on this device. */
export function Appearance() {
  const { t } = useLanguage()
  const [chosen, setChosen] = useState(theme)
  const [dense, setDense] = useState(density)
  return (
    <Section title={t('settings.appearance')} lead={t('settings.appearance.lead')}>
      <Section title={t('settings.appearance.theme')} level={3}>
        <Choice
          look="tiles"
          label={t('settings.appearance.theme')}
          chosen={chosen}
          onChoose={(value) => {
            setTheme(value)
            setChosen(value)
          }}
          options={THEMES.map((value) => ({
            value,
            label: t(`settings.appearance.${value}`),
            picture: <Preview theme={value} />,
          }))}
        />
      </Section>
      <Section title={t('settings.appearance.density')} level={3}>
        <Choice
          look="tiles"
          label={t('settings.appearance.density')}
          chosen={dense}
          onChoose={(value) => {
            setDensity(value)
            setDense(value)
          }}
          options={DENSITIES.map((value) => ({
            value,
            label: t(`settings.appearance.${value}`),
            picture: <Rows density={value} />,
          }))}
        />
      </Section>
      <p className={parts.note}>{t('settings.appearance.size')}</p>
    </Section>
  )
}

/** A window in small: a list, and two things said. */
const Preview = ({ theme: look }: { theme: Theme }) => (
  <span className={styles.preview} data-look={look} aria-hidden="true">
    {(look === 'system' ? (['light', 'dark'] as const) : [look]).map((half) => (
      <span key={half} className={styles.window} data-look={half}>
        <i />
        <i />
        <i data-own />
      </span>
    ))}
  </span>
)

const Rows = ({ density: look }: { density: Density }) => (
  <span className={styles.rows} data-density={look} aria-hidden="true">
    <i />
    <i />
    <i />
    <i />
    <i />
  </span>
)
