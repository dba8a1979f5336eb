import { useLanguage } from '../../i18n/language.tsx'
import { DeleteAccount } from './delete-account.tsx'
import { Section } from './section.tsx'
import { SignOut } from './sign-out.tsx'

/** Out of this device, or for good. */
export function Leaving() {
  const { t } = useLanguage()
  return (
    <Section title={t('settings.leaving')}>
      <SignOut />
      <DeleteAccount />
    </Section>
  )
}
