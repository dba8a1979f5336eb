import type { Account } from '@parley/client'
import type { ConversationId, EventId, FriendRequestId, PushMessage, Seq } from '@parley/protocol'
import type { ToldRequest } from '../../told-worker.ts'
import { attention } from '../../platform/attention.ts'
import { toldDevice } from '../../platform/told-device.ts'
import { type Answer, answersIn, type Known, knownOf, newsOf } from './news.ts'

/** Held by the one window of the app that tells, of however many there are. */
const TELLS = 'parley/tells'

/**
 * Tells of what happens while no window of the app is in front of the person, and withdraws what they read. One
 * window decides, and the service worker, which sees all of them, shows it. The answer ends it.
 */
export function tellNews(account: Account): () => void {
  const end = new AbortController()
  const { promise, resolve } = Promise.withResolvers<void>()
  end.signal.addEventListener('abort', () => resolve())
  const tellUntilEnd = async (): Promise<void> => {
    if (end.signal.aborted) return
    const stop = watch(account)
    await promise
    stop()
  }
  const locks = navigator.locks as LockManager | undefined
  if (locks === undefined) void tellUntilEnd()
  // Where locks are forbidden, windows know nothing of each other, and none tells.
  else locks.request(TELLS, { signal: end.signal }, tellUntilEnd).catch(() => undefined)
  return () => end.abort()
}

function watch(account: Account): () => void {
  const { conversations, friends, welcome, preferences } = account
  const me = account.me.get().id
  let known: Known | undefined
  let asked: ReadonlySet<FriendRequestId> | undefined
  let aheadMillis = 0
  /** What the worker has been told of: nothing is said to it twice. */
  let withdrawn: ReadonlyMap<ConversationId, Seq> = new Map()
  const setClock = (): void => {
    const heard = welcome.get()
    if (heard !== undefined) aheadMillis = heard.serverTime - Date.now()
  }
  const withdraw = (told: readonly PushMessage[] = []): void => {
    const list = conversations.get()
    if (list.state !== 'known') return
    const before = withdrawn
    withdrawn = new Map(list.conversations.map(({ id, readSeq }) => [id, readSeq]))
    // What has just been told may have been read meanwhile.
    const again = new Set(told.map(({ conversation }) => conversation))
    const read = [...withdrawn].filter(([id, seq]) => again.has(id) || before.get(id) !== seq)
    if (read.length > 0) askWorker({ ask: 'withdraw', read: new Map(read) })
  }
  const look = (): void => {
    const list = conversations.get()
    if (list.state !== 'known') return
    const before = known
    known = knownOf(list.conversations)
    // What is there when the app opens is seen in it.
    if (before === undefined) return withdraw()
    const views = list.conversations
    const tellWith = (answers: ReadonlySet<EventId>): void => {
      const facts = {
        me,
        preferences: preferences.get(),
        nameOf: (user: typeof me) => account.profile(user).get()?.name,
        answers,
        now: Date.now() + aheadMillis,
      }
      const news = newsOf(before, views, facts)
      for (const message of news) tell(message)
      withdraw(news)
    }
    const answers = answersIn(before, views, me)
    // Most say nothing to anybody: nothing has to be read from the disk for them.
    if (answers.length === 0) tellWith(new Set())
    else void ownAnswers(account, answers).then(tellWith)
  }
  const lookAtFriends = (): void => {
    const { incoming, isComplete } = friends.get()
    if (!isComplete) return
    const before = asked
    asked = new Set(incoming.map(({ request }) => request))
    if (before === undefined) return
    for (const { request, profile, at } of incoming) {
      if (before.has(request)) continue
      const isShown = preferences.get().shows === 'text' && profile !== undefined
      tell({ kind: 'friend_request', for: me, at, ...(isShown && { actor: profile.name }) })
    }
  }
  // What a push service has brought late is told of what has long been read.
  const onAttention = (): void => {
    if (!attention.get()) return
    withdrawn = new Map()
    withdraw()
  }
  const ends = [
    welcome.subscribe(setClock),
    conversations.subscribe(look),
    friends.subscribe(lookAtFriends),
    attention.subscribe(onAttention),
  ]
  look()
  lookAtFriends()
  return () => {
    for (const end of ends) end()
  }
}

/** Those of the answers that answer this person. */
async function ownAnswers(account: Account, answers: readonly Answer[]): Promise<ReadonlySet<EventId>> {
  const me = account.me.get().id
  const own = await Promise.all(
    answers.map(async ({ conversation, event, to }) =>
      (await account.saidAs(conversation, to))?.author === me ? [event] : [],
    ),
  )
  return new Set(own.flat())
}

function tell(message: PushMessage): void {
  if (toldDevice.get().state !== 'on' || attention.get()) return
  askWorker({ ask: 'tell', message })
}

/** All that is shown is shown and withdrawn by the worker, one after the other. */
function askWorker(request: ToldRequest): void {
  if (!('Notification' in globalThis) || Notification.permission !== 'granted') return
  void navigator.serviceWorker?.ready.then(({ active }) => active?.postMessage(request))
}
