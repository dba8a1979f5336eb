import type { FileToSend } from '@parley/client'
import { useEffect, useEffectEvent, useState } from 'react'
import { listenTo } from '../../platform/listen.ts'
import { filesIn } from './chosen-files.ts'

/** Takes files that are dropped anywhere on the window; answers whether some are being held over it. */
export function useDrop(onDropped: (files: readonly FileToSend[]) => void): boolean {
  const [isOver, setIsOver] = useState(false)
  const dropped = useEffectEvent(onDropped)
  useEffect(
    () =>
      listenTo(window, ['dragover', 'dragleave', 'drop'], (event) => {
        const { dataTransfer, type, relatedTarget } = event as DragEvent
        if (dataTransfer?.types.includes('Files') !== true) return
        // Otherwise the browser goes to the file, and away from here.
        event.preventDefault()
        if (type === 'drop') dropped(filesIn(dataTransfer.files))
        // From one element to the next is not away.
        if (type !== 'dragleave' || relatedTarget === null) setIsOver(type === 'dragover')
      }),
    [],
  )
  return isOver
}
