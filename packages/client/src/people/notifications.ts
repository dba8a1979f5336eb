import type { ConversationId, FriendRequestId, NotificationId, rest, Seq } from '@parley/protocol'
import {
  afterChange,
  NO_NOTIFICATIONS,
  type NotificationChange,
  notificationState,
  type NotificationState,
  visible,
} from './notification-state.ts'
import { derived, type Observable } from '../observable.ts'
import type { Saving } from '../store/saving.ts'
import type { Store } from '../store/store.ts'

export interface NotificationsView {
  /** What happened while this person was away and they have not seen yet, oldest first. */
  readonly waiting: readonly rest.Notification[]
  /** The server has listed them since the app began. */
  readonly isComplete: boolean
}

export interface Notifications {
  readonly view: Observable<NotificationsView>
  /** Takes effect here at once, and with the server when it can be told. */
  seen(ids: readonly NotificationId[]): void
  /** What the server said, or was told: changes memory, disk and other tabs. */
  change(change: NotificationChange): void
  /** The server is being asked for its list; the answer takes it. */
  asking(): (notifications: readonly rest.Notification[]) => void
  /** Seen, and the server has not been told. */
  untold(): readonly NotificationId[]
  isComplete(): boolean
  /** Each change of this tab's, for the others. */
  onChange(listener: (change: NotificationChange) => void): () => void
  /** Hears of every change, also of other tabs. */
  subscribe(listener: () => void): () => void
  /** All that this tab knows, for one that follows anew. */
  whole(): NotificationChange
  /** Another tab has changed this, and written it. */
  heard(change: NotificationChange): void
  heardAll(): void
  /** Takes in what other tabs have written. */
  reload(): Promise<void>
  /** What else the view is made of has changed. */
  invalidate(): void
}

export interface NotificationsOptions {
  readonly store: Store
  readonly saving: Saving
  readonly readSeq: (conversation: ConversationId) => Seq
  /** An own command has answered the request. */
  readonly isAnswered: (request: FriendRequestId) => boolean
}

const RECORD = 'notifications'

/** What waits for this person, and what of it they have seen: kept on the device, so that it is so without a network. */
export async function openNotifications(options: NotificationsOptions): Promise<Notifications> {
  const { store, saving, readSeq, isAnswered } = options
  let state: NotificationState = NO_NOTIFICATIONS
  let isComplete = false
  /** Told by a word while the server is asked for its list. */
  let toldSince: Set<NotificationId> | undefined
  const changeListeners = new Set<(change: NotificationChange) => void>()
  const listeners = new Set<() => void>()

  /** Read past in its conversation, or answered, here or on another device: the server will say so too. */
  const isDone = ({ kind, conversation, seq, request }: rest.Notification): boolean => {
    if (conversation === undefined || seq === undefined) return request !== undefined && isAnswered(request)
    // Whoever is added has read, from the first, up to the event by which they are.
    return kind === 'added' ? seq < readSeq(conversation) : seq <= readSeq(conversation)
  }

  const view = derived<NotificationsView>((previous) => {
    const waiting = visible(state, isDone)
    const isSame =
      previous?.waiting.length === waiting.length &&
      waiting.every((each, index) => each.id === previous.waiting[index]?.id)
    if (isSame && previous.isComplete === isComplete) return previous
    return { waiting: isSame ? previous.waiting : waiting, isComplete }
  })

  const apply = (change: NotificationChange) => {
    if (change.is === 'told') toldSince?.add(change.notification.id)
    const next = afterChange(state, change)
    if (next === state) return
    state = next
    view.invalidate()
    for (const listener of [...listeners]) listener()
  }
  const change = (next: NotificationChange) => {
    const before = state
    apply(next)
    for (const listener of [...changeListeners]) listener(next)
    // On every return the server tells all that waits once more: most of it is on the disk.
    if (state === before) return
    // Each tab changes what is there, instead of putting what it knows: what another has just seen stays seen.
    void saving.run(() =>
      store.changeRecord(RECORD, (kept) =>
        afterChange(notificationState.catch(NO_NOTIFICATIONS).parse(kept), next),
      ),
    )
  }
  const read = async () => {
    await saving.run(async () => {
      const kept = notificationState.safeParse(await store.record(RECORD))
      // The server has the list; what cannot be read is as if it had not been told yet.
      if (kept.success) apply({ is: 'whole', state: kept.data })
    })
  }
  await read()

  return {
    view: {
      get: () => {
        // Reading and answering are facts of others, who tell a moment later.
        view.invalidate()
        return view.get()
      },
      subscribe: view.subscribe,
    },
    seen: (ids) => {
      if (ids.length > 0) change({ is: 'seen', ids })
    },
    change,
    asking: () => {
      const since = new Set<NotificationId>()
      toldSince = since
      return (notifications) => {
        isComplete = true
        view.invalidate()
        change({ is: 'listed', notifications, since: [...since] })
      }
    },
    untold: () => state.seen,
    isComplete: () => isComplete,
    onChange: (listener) => {
      changeListeners.add(listener)
      return () => {
        changeListeners.delete(listener)
      }
    },
    subscribe: (listener) => {
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
      }
    },
    whole: () => ({ is: 'whole', state }),
    heard: apply,
    heardAll: () => {
      isComplete = true
      view.invalidate()
    },
    reload: read,
    invalidate: () => view.invalidate(),
  }
}
