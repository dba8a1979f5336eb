import type { StorageState, StoreFault } from '@parley/client'
import type { PlainKey } from '../../i18n/translate.ts'
import type { Disk } from '../../platform/open.ts'

/** What a device's storage trouble means for something that the person has done. */
export function storageWords(fault: StoreFault): PlainKey {
  switch (fault) {
    case 'quota':
      return 'status.storage.full'
    case 'blocked':
      return 'status.storage.blocked'
    case 'outdated':
      return 'status.storage.outdated'
    case 'corrupt':
      return 'status.storage.damaged'
    case 'closed':
    case 'failed':
      return 'status.storage.broken'
  }
}

/** What it means for what the server has too. */
function historyWords(fault: StoreFault): PlainKey {
  switch (fault) {
    case 'quota':
      return 'status.storage.history-full'
    case 'closed':
    case 'failed':
      return 'status.storage.history-failed'
    case 'blocked':
    case 'outdated':
    case 'corrupt':
      return storageWords(fault)
  }
}

/** A way out that the person can take. */
export type Way = 'make-room' | 'reload' | 'anew'

export interface StorageTrouble {
  readonly words: PlainKey
  readonly way: Way | undefined
}

/** What to say of the storage, and what can be done; undefined on a good day. */
export function storageTrouble(disk: Disk, storage: StorageState): StorageTrouble | undefined {
  switch (disk) {
    case 'none':
      return { words: 'status.storage.none', way: undefined }
    case 'full':
      return { words: 'status.storage.no-room', way: undefined }
    case 'broken':
      return { words: 'status.storage.unreadable', way: 'anew' }
    case 'kept':
      if (storage.state === 'sound') return undefined
      return {
        words: (storage.what === 'own' ? storageWords : historyWords)(storage.fault),
        way: wayOut(storage.fault),
      }
  }
}

function wayOut(fault: StoreFault): Way | undefined {
  switch (fault) {
    case 'quota':
      return 'make-room'
    // Deleted from under this window, or taken by a newer one: it cannot go on without being loaded anew.
    case 'outdated':
    case 'closed':
      return 'reload'
    case 'blocked':
    case 'corrupt':
    case 'failed':
      return undefined
  }
}
