import type { AccountDocument } from './account-document.ts'
import type { Archive } from './archive.ts'
import type { Directory } from './directory.ts'
import type { Facts } from './facts.ts'
import type { Losses } from './losses.ts'
import type { Friends } from './friends.ts'
import type { Notifications } from './notifications.ts'
import type { Outbox } from './outbox.ts'
import type { Profiles } from './profiles.ts'
import type { HeldMessages } from './uploads/held.ts'

/** What one tab has of a person: all but the facts is also on disk, which the tabs share. */
export interface Models {
  readonly own: AccountDocument
  readonly outbox: Outbox
  readonly held: HeldMessages
  readonly archive: Archive
  readonly directory: Directory
  readonly profiles: Profiles
  readonly losses: Losses
  readonly friends: Friends
  readonly notifications: Notifications
  readonly facts: Facts
}
