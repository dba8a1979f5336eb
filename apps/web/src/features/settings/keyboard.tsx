import { useLanguage } from '../../i18n/language.tsx'
import { KeyTable } from '../keys/key-table.tsx'
import { Section } from './section.tsx'

export function Keyboard() {
  const { t } = useLanguage()
  return (
    <Section title={t('settings.keyboard')} lead={t('settings.keyboard.lead')}>
      <KeyTable />
    </Section>
  )
}
