import type { Observable } from '@parley/client'
import { listenTo } from './listen.ts'

/** Whether the person has this window in front of them: only then is a message read (R2). */
export const attention: Observable<boolean> = {
  get: () => document.visibilityState === 'visible' && document.hasFocus(),
  subscribe: (listener) => {
    const endFocus = listenTo(window, ['focus', 'blur', 'pageshow', 'pagehide'], listener)
    const endVisibility = listenTo(document, ['visibilitychange'], listener)
    return () => {
      endFocus()
      endVisibility()
    }
  },
}
