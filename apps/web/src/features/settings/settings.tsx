import { Redirect, useParams } from 'wouter'
import { useLanguage } from '../../i18n/language.tsx'
import { Screen } from '../../ui/screen.tsx'
import { isSection, SECTIONS, type SectionName } from './sections.ts'
import { SettingsList } from './settings-list.tsx'
import styles from './settings.module.css'

const FIRST: SectionName = 'profile'

/** The list of sections beside one of them; on a phone first the list, then the section. */
export default function Settings() {
  const { t } = useLanguage()
  const { section: asked } = useParams<{ section?: string }>()
  if (asked !== undefined && !isSection(asked)) return <Redirect to="/settings" replace />
  const shown = asked ?? FIRST
  const Section = SECTIONS[shown].section
  return (
    <div className={styles.settings} data-chosen={asked !== undefined || undefined}>
      <Screen
        title={t('settings.title')}
        back={asked === undefined ? '/' : '/settings'}
        beside={<SettingsList shown={shown} />}
      >
        {/* Another section is another form: nothing half-typed goes along. */}
        <Section key={shown} />
      </Screen>
    </div>
  )
}
