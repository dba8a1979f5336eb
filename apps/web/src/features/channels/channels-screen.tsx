import type { ConversationView } from '@parley/client'
import type { rest } from '@parley/protocol'
import { useMemo, useState } from 'react'
import { useAccount } from '../../context.tsx'
import { useLanguage } from '../../i18n/language.tsx'
import { useObservable } from '../../observe.ts'
import { SearchField } from '../../ui/search-field.tsx'
import { Button } from '../../ui/button.tsx'
import { HashIcon, OfflineIcon, PlusIcon } from '../../ui/icons.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Rows } from '../../ui/rows.tsx'
import { Screen } from '../../ui/screen.tsx'
import { matches } from '../inbox/titles.ts'
import { useOverlay } from '../shell/overlays.ts'
import { ChannelRow } from './channel-row.tsx'
import { useChannels } from './use-channels.ts'
import styles from './channels.module.css'

/** Longer titles there are none. */
const LONGEST = 120

/** Every channel of the server, to look for and to join; without a network, those that one is in. */
export default function ChannelsScreen() {
  const { t } = useLanguage()
  const overlay = useOverlay()
  const account = useAccount()
  const [typed, setTyped] = useState('')
  const query = typed.trim()
  const { state, channels, more, again } = useChannels(query)
  const list = useObservable(account.conversations)
  const own = useMemo(
    () =>
      (list.state === 'known' ? list.conversations : []).filter(
        (view) => isOwn(view) && matches(view.title, query),
      ),
    [list, query],
  )
  const isAway = state === 'away'
  const isOwnOnly = isAway && channels.length === 0
  const shown = isOwnOnly ? own.map(asChannel) : channels
  const away = !isOwnOnly ? 'channels.away.found' : own.length > 0 ? 'channels.away.own' : 'channels.away'
  return (
    <Screen
      title={t('channels.title')}
      actions={
        <Button size="small" icon={<PlusIcon size={16} />} onClick={() => overlay('new-channel')}>
          {t('channel.title')}
        </Button>
      }
    >
      <div className={styles.channels}>
        <SearchField
          label={t('channels.search')}
          placeholder={t('channels.placeholder')}
          maxLength={LONGEST}
          value={typed}
          onChange={setTyped}
        />
        {isAway && (
          <Notice
            look="quiet"
            icon={<OfflineIcon size={18} />}
            action={
              <Button size="small" onClick={again}>
                {t('common.retry')}
              </Button>
            }
          >
            {t(away)}
          </Notice>
        )}
        {shown.length > 0 && (
          <Rows look="lined" label={t('channels.list')} isBusy={state === 'searching'}>
            {shown.map((channel) => (
              <ChannelRow key={channel.id} channel={channel} />
            ))}
          </Rows>
        )}
        {state === 'searching' && channels.length === 0 && <Skeleton />}
        {state === 'found' && channels.length === 0 && (
          <div className={styles.none} role="status">
            <span className={styles.sign}>
              <HashIcon size={22} />
            </span>
            <p>{query === '' ? t('channels.none') : t('channels.none.found', { query })}</p>
          </div>
        )}
        {more !== undefined && (
          <Button className={styles.more ?? ''} onClick={more}>
            {t('channels.more')}
          </Button>
        )}
      </div>
    </Screen>
  )
}

const isOwn = ({ kind, standing }: ConversationView): boolean => kind === 'channel' && standing !== 'left'

const asChannel = ({ id, title, topic, memberCount }: ConversationView): rest.Channel => ({
  id,
  title,
  topic,
  memberCount,
  isMember: true,
})

const ROWS = [1, 2, 3, 4]

function Skeleton() {
  const { t } = useLanguage()
  return (
    <div className={styles.skeleton} role="status">
      <span className="visually-hidden">{t('app.loading')}</span>
      {ROWS.map((each) => (
        <i key={each} aria-hidden="true" />
      ))}
    </div>
  )
}
