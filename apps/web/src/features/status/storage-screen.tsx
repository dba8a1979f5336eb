import { LanguageProvider, useLanguage } from '../../i18n/language.tsx'
import type { Shipped } from '../../i18n/languages.ts'
import { Button } from '../../ui/button.tsx'
import { Empty } from '../../ui/empty.tsx'
import { StorageIcon } from '../../ui/icons.tsx'

export type StorageHurdle = 'blocked' | 'outdated' | 'slow'

interface StorageScreenProps {
  readonly hurdle: StorageHurdle
  readonly language: Shipped
}

/** Instead of the app, for as long as its data cannot be opened and waiting or reloading is the way on. */
export const StorageScreen = ({ hurdle, language }: StorageScreenProps) => (
  <LanguageProvider initial={language}>
    <Hurdle hurdle={hurdle} />
  </LanguageProvider>
)

function Hurdle({ hurdle }: { hurdle: StorageHurdle }) {
  const { t } = useLanguage()
  return (
    <main role="status" style={{ display: 'grid', blockSize: '100%' }}>
      <Empty
        icon={<StorageIcon size={28} />}
        title={t(`storage.${hurdle}.title`)}
        body={t(`storage.${hurdle}.body`)}
      >
        {hurdle !== 'blocked' && (
          <Button look="primary" onClick={() => location.reload()}>
            {t('status.storage.reload')}
          </Button>
        )}
      </Empty>
    </main>
  )
}
