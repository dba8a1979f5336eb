import { createContext, useContext } from 'react'

/** What may lie over the main screen, one at a time. */
export type Overlay =
  | 'search'
  /** Only the conversation on the screen. */
  | 'search-here'
  | 'new-direct'
  | 'new-group'
  | 'new-channel'
  | 'keys'

export const OverlayContext = createContext<(overlay: Overlay) => void>(() => undefined)

/** Opens one of them, in the place of any that is open. */
export const useOverlay = (): ((overlay: Overlay) => void) => useContext(OverlayContext)
