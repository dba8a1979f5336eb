import { conversationId } from '@parley/protocol'
import { lazy, Suspense, useCallback, useEffect, useState } from 'react'
import { Redirect, Route, Switch, useLocation } from 'wouter'
import { useAccount } from '../../context.tsx'
import { useObservable } from '../../observe.ts'
import { persistent } from '../../platform/persistent.ts'
import { keepWhatIsWritten } from '../../platform/storage.ts'
import { Inbox } from '../inbox/inbox.tsx'
import { Welcome } from '../inbox/welcome.tsx'
import { Boundary } from '../status/boundary.tsx'
import { useSearchKey } from '../search/use-search-key.ts'
import { StatusBars } from '../status/status-bars.tsx'
import { TitleBadge } from '../status/title-badge.tsx'
import styles from './shell.module.css'

/** Asked for at once, beside the opening of what the device keeps: a list of conversations can be drawn without it. */
const conversationScreen = persistent(() => import('../conversation/conversation-screen.tsx'))()
const ConversationScreen = lazy(() => conversationScreen)
const Settings = lazy(persistent(() => import('../settings/settings.tsx')))
const SearchBox = lazy(persistent(() => import('../search/search-box.tsx')))
const NewGroup = lazy(persistent(() => import('../group/new-group.tsx')))

/** The main screen: conversations beside what is open; on a phone one of the two at a time. */
export function Shell({ isExpired }: { isExpired: boolean }) {
  const account = useAccount()
  const [path] = useLocation()
  const [isMakingGroup, setIsMakingGroup] = useState(false)
  const [isSearching, setIsSearching] = useState(false)
  useEffect(() => keepWhatIsWritten(account), [account])
  const makeGroup = (): void => setIsMakingGroup(true)
  const search = useCallback(() => setIsSearching(true), [])
  useSearchKey(search)
  const list = useObservable(account.conversations)
  const isFirstVisit = list.state === 'known' && list.conversations.length === 0
  const pane = path !== '/' ? 'main' : isFirstVisit ? 'both' : 'list'
  return (
    <div className={styles.shell} data-pane={pane}>
      <TitleBadge />
      <StatusBars isExpired={isExpired} />
      <Inbox onNewGroup={makeGroup} onSearch={search} />
      <div className={styles.main}>
        <Boundary>
          <Suspense>
            <Switch>
              <Route path="/settings">
                <Settings />
              </Route>
              <Route path="/c/:conversation/:place?">
                {({ conversation, place }) => <Opened text={conversation} place={place} />}
              </Route>
              <Route path="/">
                <Welcome onNewGroup={makeGroup} />
              </Route>
              <Route>
                <Redirect to="/" replace />
              </Route>
            </Switch>
          </Suspense>
        </Boundary>
      </div>
      <Suspense>{isSearching && <SearchBox onClose={() => setIsSearching(false)} />}</Suspense>
      <Suspense>{isMakingGroup && <NewGroup onClose={() => setIsMakingGroup(false)} />}</Suspense>
    </div>
  )
}

/** `/c/<conversation>`, `…/<seq>` for one event in it, `…/details` for what is known of it. */
function Opened({ text, place }: { text: string; place: string | undefined }) {
  const id = conversationId.safeParse(text)
  if (!id.success) return <Redirect to="/" replace />
  const seq = Number(place)
  return (
    <ConversationScreen
      // Another conversation is another screen: nothing of the last one's scrolling and writing stays.
      key={id.data}
      id={id.data}
      shownSeq={Number.isSafeInteger(seq) && seq > 0 ? seq : undefined}
      hasDetails={place === 'details'}
    />
  )
}
