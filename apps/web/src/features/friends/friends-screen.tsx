import { SearchField } from '../../ui/search-field.tsx'
import { Tabs } from '@base-ui/react/tabs'
import { useId, useRef, useState } from 'react'
import { useAccount } from '../../context.tsx'
import { useLanguage } from '../../i18n/language.tsx'
import { useObservable } from '../../observe.ts'
import { Screen } from '../../ui/screen.tsx'
import { PersonQuestion } from '../person/person-question.tsx'
import { RefusedLine } from '../person/refused-line.tsx'
import { useKeptFocus } from '../person/use-kept-focus.ts'
import { useRefused } from '../person/use-relation.ts'
import { AskContext, type Asked } from './ask-context.ts'
import { BlockedList } from './blocked-list.tsx'
import { EndedList } from './ended-list.tsx'
import { Found } from './found.tsx'
import { FriendList } from './friend-list.tsx'
import { RequestLists } from './request-lists.tsx'
import { ShareUsername } from './share-username.tsx'
import styles from './friends.module.css'

/** Where the keyboard goes on when a list has become empty. */
const WAYS_IN = ['[role="tab"][aria-selected="true"]', 'input']

type Tab = 'friends' | 'requests' | 'blocked'

/** Friends, who would be one, who is blocked, and a box that finds all of them and everybody else. */
export default function FriendsScreen() {
  const { t } = useLanguage()
  const { incoming, isComplete } = useObservable(useAccount().friends)
  const [typed, setTyped] = useState('')
  const [chosen, choose] = useState<Tab>()
  // Who waits for an answer comes first; who asks later does not turn the page under one's hands.
  const tab = chosen ?? (incoming.length > 0 ? 'requests' : 'friends')
  if (chosen === undefined && isComplete) choose(tab)
  const screen = useRef<HTMLDivElement>(null)
  useKeptFocus(screen, WAYS_IN)
  const [asked, setAsked] = useState<Asked>()
  const refused = useRefused()
  const query = typed.trim()
  return (
    <Screen title={t('friends.title')}>
      <AskContext value={setAsked}>
        <div ref={screen} className={styles.screen}>
          <div className={styles.top}>
            <SearchField
              label={t('friends.find')}
              placeholder={t('friends.find.placeholder')}
              autoCapitalize="none"
              value={typed}
              onChange={setTyped}
            />
            <ShareUsername />
          </div>
          {refused.map((each) => (
            <RefusedLine key={each.id} refused={each} />
          ))}
          <EndedList />
          {query === '' ? <Lists tab={tab} onTab={choose} /> : <Found query={query} />}
        </div>
        {asked !== undefined && <PersonQuestion {...asked} onClose={() => setAsked(undefined)} />}
      </AskContext>
    </Screen>
  )
}

function Lists({ tab, onTab }: { tab: Tab; onTab: (tab: Tab) => void }) {
  const { t, formats } = useLanguage()
  const { friends, incoming, blocked } = useObservable(useAccount().friends)
  const waitingId = useId()
  return (
    <Tabs.Root value={tab} onValueChange={(value: Tab) => onTab(value)}>
      <Tabs.List className={styles.tabs} aria-label={t('friends.tabs')} activateOnFocus>
        <Tabs.Tab value="friends" className={styles.tab}>
          {t('friends.tab.friends')}
          {friends.length > 0 && <span className={styles.number}>{formats.number(friends.length)}</span>}
        </Tabs.Tab>
        <Tabs.Tab
          value="requests"
          className={styles.tab}
          aria-describedby={incoming.length > 0 ? waitingId : undefined}
        >
          {t('friends.tab.requests')}
          {incoming.length > 0 && (
            <span className={styles.count} aria-hidden="true">
              {formats.number(incoming.length)}
            </span>
          )}
        </Tabs.Tab>
        <Tabs.Tab value="blocked" className={styles.tab}>
          {t('friends.tab.blocked')}
          {blocked.length > 0 && <span className={styles.number}>{formats.number(blocked.length)}</span>}
        </Tabs.Tab>
      </Tabs.List>
      <span id={waitingId} hidden>
        {t('friends.count', { count: incoming.length })}
      </span>
      <Tabs.Panel value="friends" className={styles.panel}>
        <FriendList />
      </Tabs.Panel>
      <Tabs.Panel value="requests" className={styles.panel}>
        <RequestLists />
      </Tabs.Panel>
      <Tabs.Panel value="blocked" className={styles.panel}>
        <BlockedList />
      </Tabs.Panel>
    </Tabs.Root>
  )
}
