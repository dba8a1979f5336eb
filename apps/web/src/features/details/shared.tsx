import type { ConversationView } from '@parley/client'
import { useLanguage } from '../../i18n/language.tsx'
import { ForwardIcon } from '../../ui/icons.tsx'
import { PictureGrid } from './picture-grid.tsx'
import { FileRow } from './shared-items.tsx'
import { filesOf, isPictured } from './shared-of.ts'
import { useShared } from './use-shared.ts'
import members from './members.module.css'
import styles from './shared.module.css'

/** So many stand among the details: two rows of pictures, a few files. */
const PICTURES = 6
const FILES = 3

/** The newest pictures and files of a conversation, and the way to all of them. */
export function SharedFirst({ view, onAll }: { view: ConversationView; onAll: () => void }) {
  const { t } = useLanguage()
  const shared = useShared(view, 'files')
  const files = filesOf(shared.messages)
  const pictures = files.filter(isPictured).slice(0, PICTURES)
  const others = files.filter((each) => !isPictured(each)).slice(0, FILES)
  const isEmpty = files.length === 0
  return (
    <section aria-labelledby="shared-title">
      <h3 id="shared-title" className={members.heading}>
        {t('details.shared')}
      </h3>
      {isEmpty && shared.state !== 'looking' && (
        <p className={members.words}>
          {t(shared.isPart ? 'details.shared.none.part' : 'details.shared.none')}
        </p>
      )}
      {pictures.length > 0 && <PictureGrid view={view} pictures={pictures} />}
      {others.length > 0 && (
        <ul className={styles.rows} aria-label={t('details.shared.files')}>
          {others.map((each) => (
            <FileRow key={each.file.id} view={view} shared={each} />
          ))}
        </ul>
      )}
      <button type="button" className={members.all} data-leads-to="shared" onClick={onAll}>
        {t('details.shared.all')}
        <ForwardIcon size={16} />
      </button>
    </section>
  )
}
