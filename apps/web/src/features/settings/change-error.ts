import type { Answer } from '@parley/client'
import type { PlainKey } from '../../i18n/translate.ts'

type Refused = Extract<Answer<unknown>, { ok: false }>

/** Why a change of the account was not made, where it is about no single field. */
export function changeError({ code }: Refused, isOnline: boolean): PlainKey {
  switch (code) {
    case 'unavailable':
      return isOnline ? 'settings.error.server' : 'settings.error.offline'
    case 'rate_limited':
      return 'session.error.rate'
    case 'unauthenticated':
      return 'settings.error.signed-out'
    case 'too_large':
    case 'forbidden':
    case 'not_found':
    case 'invalid':
    case 'conflict':
    case 'archived':
    case 'not_friends':
    case 'internal':
      return 'settings.failed'
  }
}
