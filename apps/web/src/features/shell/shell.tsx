import { conversationId } from '@parley/protocol'
import {
  type ComponentProps,
  type ComponentType,
  lazy,
  Suspense,
  useCallback,
  useEffect,
  useRef,
  useState,
} from 'react'
import { Redirect, Route, Switch, useLocation, useSearch } from 'wouter'
import { useAccount } from '../../context.tsx'
import { useObservable } from '../../observe.ts'
import { afterFirstShown, startsAtConversation } from '../../platform/first-shown.ts'
import { persistent } from '../../platform/persistent.ts'
import { keepWhatIsWritten } from '../../platform/storage.ts'
import { keepVisits } from '../../platform/visits.ts'
import { Inbox } from '../inbox/inbox.tsx'
import { Boundary } from '../status/boundary.tsx'
import { useKeys } from '../keys/use-keys.ts'
import { StatusBars } from '../status/status-bars.tsx'
import { TitleBadge } from '../status/title-badge.tsx'
import { Areas } from './areas.tsx'
import { type Overlay, OverlayContext } from './overlays.ts'
import { SkipLink } from './skip-link.tsx'
import { useReturn } from './use-return.ts'
import styles from './shell.module.css'

/** Where the app starts at a conversation, asked for at once: it comes while what the device keeps is opened. */
const loadConversation = persistent(() => import('../conversation/conversation-screen.tsx'))
const loadingConversation = startsAtConversation ? loadConversation() : afterFirstShown(loadConversation)()
const LateConversation = lazy(() => loadingConversation)
let LoadedConversation: ComponentType<ComponentProps<typeof LateConversation>> | undefined
void loadingConversation.then((loaded) => {
  LoadedConversation = loaded.default
})

/** A part that is here is drawn with what is around it: React draws what is lazy, even so, only in its next turn. */
function ConversationScreen(props: ComponentProps<typeof LateConversation>) {
  const [Screen] = useState(() => LoadedConversation ?? LateConversation)
  return <Screen {...props} />
}
const Welcome = lazy(persistent(() => import('../inbox/welcome.tsx')))
const Settings = lazy(persistent(() => import('../settings/settings.tsx')))
const Friends = lazy(persistent(() => import('../friends/friends-screen.tsx')))
const Notifications = lazy(persistent(() => import('../notifications/notifications-screen.tsx')))
const Channels = lazy(persistent(() => import('../channels/channels-screen.tsx')))
const Share = lazy(persistent(() => import('../share/share-screen.tsx')))
const loadSearch = persistent(() => import('../search/search-box.tsx'))
const SearchBox = lazy(loadSearch)
const NewGroup = lazy(persistent(() => import('../group/new-group.tsx')))
const NewChannel = lazy(persistent(() => import('../group/new-channel.tsx')))
const NewDirect = lazy(persistent(() => import('../group/new-direct.tsx')))
const KeyHelp = lazy(persistent(() => import('../keys/key-help.tsx')))

/** The main screen: conversations beside what is open; on a phone one of the two at a time. */
export function Shell({ isExpired }: { isExpired: boolean }) {
  const account = useAccount()
  const [path] = useLocation()
  const [overlay, setOverlay] = useState<Overlay>()
  const shell = useRef<HTMLDivElement>(null)
  const main = useRef<HTMLDivElement>(null)
  useEffect(() => keepWhatIsWritten(account), [account])
  useEffect(() => keepVisits(account.me.get().id), [account])
  // There before its keys are pressed: what is typed right behind them would go elsewhere.
  useEffect(() => void afterFirstShown(loadSearch)(), [])
  const close = useCallback(() => setOverlay(undefined), [])
  useKeys(setOverlay)
  useReturn(shell, main)
  const list = useObservable(account.conversations)
  const isFirstVisit = list.state === 'known' && list.conversations.length === 0
  const pane = path !== '/' ? 'main' : isFirstVisit ? 'both' : 'list'
  return (
    <OverlayContext value={setOverlay}>
      <div ref={shell} className={styles.shell} data-pane={pane}>
        <SkipLink />
        <TitleBadge />
        <StatusBars isExpired={isExpired} />
        <Inbox />
        <Areas />
        <div ref={main} id="main" className={styles.main} tabIndex={-1}>
          <Boundary place={path}>
            <Suspense>
              <Switch>
                <Route path="/settings/:section?">
                  <Settings />
                </Route>
                <Route path="/friends">
                  <Friends />
                </Route>
                <Route path="/notifications">
                  <Notifications />
                </Route>
                <Route path="/channels">
                  <Channels />
                </Route>
                <Route path="/share">
                  <Share />
                </Route>
                <Route path="/c/:conversation/:place?">
                  {({ conversation, place }) => <Opened text={conversation} place={place} />}
                </Route>
                <Route path="/">
                  <Welcome />
                </Route>
                <Route>
                  <Redirect to="/" replace />
                </Route>
              </Switch>
            </Suspense>
          </Boundary>
        </div>
        <Suspense>
          {(overlay === 'search' || overlay === 'search-here') && (
            <SearchBox key={overlay} isHere={overlay === 'search-here'} onClose={close} />
          )}
          {overlay === 'new-direct' && <NewDirect onClose={close} />}
          {overlay === 'new-group' && <NewGroup onClose={close} />}
          {overlay === 'new-channel' && <NewChannel onClose={close} />}
          {overlay === 'keys' && <KeyHelp onClose={close} />}
        </Suspense>
      </div>
    </OverlayContext>
  )
}

/** `/c/<conversation>`, `…/<seq>` for one event in it, `…/details` for what is known of it, `…/<seq>?details` for both. */
function Opened({ text, place }: { text: string; place: string | undefined }) {
  const query = useSearch()
  const id = conversationId.safeParse(text)
  if (!id.success) return <Redirect to="/" replace />
  const seq = Number(place)
  const isBeside = new URLSearchParams(query).has('details')
  return (
    <ConversationScreen
      // Another conversation is another screen: nothing of the last one's scrolling and writing stays.
      key={id.data}
      id={id.data}
      shownSeq={Number.isSafeInteger(seq) && seq > 0 ? seq : undefined}
      hasDetails={place === 'details' || isBeside}
    />
  )
}
