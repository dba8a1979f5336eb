import type { AttachmentId } from '@parley/protocol'
import { createContext, useContext } from 'react'

/** Shows a picture of the conversation large. */
export type Show = (id: AttachmentId) => void

export const ViewerContext = createContext<Show | undefined>(undefined)

/** Undefined where no conversation is open: a picture is a link there. */
export const useViewer = (): Show | undefined => useContext(ViewerContext)
