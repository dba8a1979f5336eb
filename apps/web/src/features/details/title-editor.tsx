import type { ConversationView } from '@parley/client'
import { DEFAULT_LIMITS } from '@parley/protocol'
import { type FormEvent, useState } from 'react'
import { useAccount } from '../../context.tsx'
import { useLanguage } from '../../i18n/language.tsx'
import { Button, IconButton } from '../../ui/button.tsx'
import { Field } from '../../ui/field.tsx'
import { EditIcon } from '../../ui/icons.tsx'
import { titleOf } from '../inbox/titles.ts'
import styles from './details.module.css'

/** The title; for those who may, with a way to change it in place. */
export function TitleEditor({ view, mayRename }: { view: ConversationView; mayRename: boolean }) {
  const account = useAccount()
  const { t } = useLanguage()
  const [edited, setEdited] = useState<string>()
  const save = (event: FormEvent): void => {
    event.preventDefault()
    const title = edited?.trim() ?? ''
    if (title !== '' && title !== view.title) account.updateConversation(view.id, { title })
    setEdited(undefined)
  }
  if (edited === undefined) {
    return (
      <div className={styles.title}>
        <h3 dir="auto">{titleOf(view, t)}</h3>
        {view.changing.has('title') && <span className={styles.handle}>{t('details.waiting')}</span>}
        {mayRename && (
          <IconButton
            size="small"
            label={t('details.rename')}
            icon={<EditIcon size={16} />}
            onClick={() => setEdited(view.title)}
          />
        )}
      </div>
    )
  }
  return (
    <form
      className={styles.rename}
      onSubmit={save}
      onKeyDown={({ key }) => key === 'Escape' && setEdited(undefined)}
    >
      <Field
        label={t('group.name')}
        autoFocus
        autoComplete="off"
        maxLength={DEFAULT_LIMITS.titleCharacters}
        value={edited}
        onChange={({ target }) => setEdited(target.value)}
      />
      <div>
        <Button size="small" onClick={() => setEdited(undefined)}>
          {t('common.cancel')}
        </Button>
        <Button size="small" look="primary" type="submit">
          {t('common.save')}
        </Button>
      </div>
    </form>
  )
}
