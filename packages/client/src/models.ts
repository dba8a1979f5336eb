import type { AccountDocument } from './own/account-document.ts'
import type { Archive } from './archive/archive.ts'
import type { Directory } from './conversations/directory.ts'
import type { Facts } from './tabs/facts.ts'
import type { Losses } from './divergence/losses.ts'
import type { Friends } from './people/friends.ts'
import type { Notifications } from './people/notifications.ts'
import type { Outbox } from './outbox/outbox.ts'
import type { Profiles } from './people/profiles.ts'
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
