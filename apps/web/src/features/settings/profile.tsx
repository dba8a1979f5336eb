import type { Answer } from '@parley/client'
import { useAccount } from '../../context.tsx'
import { useLanguage } from '../../i18n/language.tsx'
import { useObservable } from '../../observe.ts'
import { EmailForm } from './email-form.tsx'
import { NameForm } from './name-form.tsx'
import { PictureChoice } from '../pictures/picture-choice.tsx'
import { Section } from './section.tsx'
import parts from './parts.module.css'

/** How others see and find the person. */
export function Profile() {
  const { api, me: mine } = useAccount()
  const { t } = useLanguage()
  const me = useObservable(mine)
  const set = async (picture: Blob): Promise<Answer<unknown>> => await api.setAvatar(picture, picture.type)
  return (
    <Section title={t('settings.profile')} lead={t('settings.profile.lead')}>
      <div className={parts.card}>
        <div className={parts.padded}>
          <PictureChoice
            id={me.id}
            name={me.name}
            shape="person"
            avatar={me.avatar}
            onChosen={set}
            onRemove={() => api.updateMe({ avatar: '' })}
          />
        </div>
        <NameForm me={me} />
      </div>
      <EmailForm me={me} />
    </Section>
  )
}
