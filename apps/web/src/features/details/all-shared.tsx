import { Tabs } from '@base-ui/react/tabs'
import type { ConversationView } from '@parley/client'
import type { ReactNode } from 'react'
import { useLanguage } from '../../i18n/language.tsx'
import { Button } from '../../ui/button.tsx'
import { PictureGrid } from './picture-grid.tsx'
import { FileRow, LinkRow } from './shared-items.tsx'
import { filesOf, isPictured, linksOf } from './shared-of.ts'
import { useMore } from './use-more.ts'
import { type Shared, useShared } from './use-shared.ts'
import members from './members.module.css'
import styles from './shared.module.css'

const KINDS = ['pictures', 'files', 'links'] as const

/** Everything that was shared in a conversation, by what it is. */
export function AllShared({ view }: { view: ConversationView }) {
  const { t } = useLanguage()
  return (
    <Tabs.Root defaultValue="pictures">
      <Tabs.List className={styles.tabs} aria-label={t('details.shared')}>
        {KINDS.map((kind) => (
          <Tabs.Tab key={kind} value={kind} className={styles.tab}>
            {t(`details.shared.${kind}`)}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      <Tabs.Panel value="pictures" className={styles.panel}>
        <Pictures view={view} />
      </Tabs.Panel>
      <Tabs.Panel value="files" className={styles.panel}>
        <Files view={view} />
      </Tabs.Panel>
      <Tabs.Panel value="links" className={styles.panel}>
        <Links view={view} />
      </Tabs.Panel>
    </Tabs.Root>
  )
}

function Pictures({ view }: { view: ConversationView }) {
  const { t } = useLanguage()
  const shared = useShared(view, 'files')
  const pictures = filesOf(shared.messages).filter(isPictured)
  return (
    <Growing shared={shared} count={pictures.length} none={t('details.shared.pictures.none')}>
      {(shown) => <PictureGrid view={view} pictures={pictures.slice(0, shown)} />}
    </Growing>
  )
}

function Files({ view }: { view: ConversationView }) {
  const { t } = useLanguage()
  const shared = useShared(view, 'files')
  const files = filesOf(shared.messages).filter((each) => !isPictured(each))
  return (
    <Growing shared={shared} count={files.length} none={t('details.shared.files.none')}>
      {(shown) => (
        <ul className={styles.rows} aria-label={t('details.shared.files')}>
          {files.slice(0, shown).map((each) => (
            <FileRow key={each.file.id} view={view} shared={each} />
          ))}
        </ul>
      )}
    </Growing>
  )
}

function Links({ view }: { view: ConversationView }) {
  const { t } = useLanguage()
  const shared = useShared(view, 'links')
  const links = linksOf(shared.messages)
  return (
    <Growing shared={shared} count={links.length} none={t('details.shared.links.none')}>
      {(shown) => (
        <ul className={styles.rows} aria-label={t('details.shared.links')}>
          {links.slice(0, shown).map((each) => (
            <LinkRow key={`${each.event.id} ${each.href}`} view={view} shared={each} />
          ))}
        </ul>
      )}
    </Growing>
  )
}

interface GrowingProps {
  readonly shared: Shared
  readonly count: number
  /** What is said where there is nothing. */
  readonly none: string
  readonly children: (shown: number) => ReactNode
}

/** A list that grows towards its end, and says when it is empty or may not be whole. */
function Growing({ shared, count, none, children }: GrowingProps) {
  const { t } = useLanguage()
  const { shown, end, more } = useMore(count, shared.more)
  const isLooking = shared.state === 'looking' || (count === 0 && more !== undefined)
  return (
    <>
      {count > 0 && children(shown)}
      <p className={members.words} role="status">
        {isLooking
          ? t('details.shared.looking')
          : shared.isPart
            ? t('details.shared.part')
            : count === 0
              ? none
              : ''}
      </p>
      {more !== undefined && (
        <div ref={end} className={members.more}>
          <Button size="small" onClick={more}>
            {t('details.shared.more')}
          </Button>
        </div>
      )}
    </>
  )
}
