import type { StoreFault } from '@parley/client'
import type { PlainKey } from '../../i18n/translate.ts'

/** What a device's storage trouble means for the person. */
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
