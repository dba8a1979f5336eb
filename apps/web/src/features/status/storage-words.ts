import type { StoreFault } from '@parley/client'
import type { PlainKey } from '../../i18n/translate.ts'

/** What a device's storage trouble means for the person. */
export function storageWords(fault: StoreFault): PlainKey {
  switch (fault) {
    case 'quota':
      return 'status.storage.full'
    case 'blocked':
      return 'status.storage.blocked'
    case 'closed':
    case 'corrupt':
    case 'failed':
      return 'status.storage.broken'
  }
}
