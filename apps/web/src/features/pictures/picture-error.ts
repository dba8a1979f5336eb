import type { Code } from '@parley/protocol'
import type { PlainKey } from '../../i18n/translate.ts'

export function pictureError(code: Code, isOnline: boolean): PlainKey {
  switch (code) {
    case 'unavailable':
      return isOnline ? 'settings.error.server' : 'pictures.error.offline'
    case 'rate_limited':
      return 'session.error.rate'
    case 'unauthenticated':
      return 'settings.error.signed-out'
    case 'too_large':
    case 'invalid':
      return 'pictures.error.file'
    case 'forbidden':
    case 'not_found':
    case 'conflict':
    case 'archived':
    case 'not_friends':
    case 'internal':
      return 'settings.failed'
  }
}
