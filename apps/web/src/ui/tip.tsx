import { Tooltip } from '@base-ui/react/tooltip'
import type { ReactElement } from 'react'
import styles from './tip.module.css'

interface TipProps {
  readonly text: string
  readonly side?: 'top' | 'bottom' | 'inline-start' | 'inline-end'
  readonly children: ReactElement<Record<string, unknown>>
}

/** Names what has no visible words. The trigger carries the same words as its label: a tooltip alone is unheard. */
export function Tip({ text, side = 'bottom', children }: TipProps) {
  return (
    <Tooltip.Root>
      <Tooltip.Trigger render={children} />
      <Tooltip.Portal>
        <Tooltip.Positioner side={side} sideOffset={6} className={styles.positioner}>
          <Tooltip.Popup className={styles.tip}>{text}</Tooltip.Popup>
        </Tooltip.Positioner>
      </Tooltip.Portal>
    </Tooltip.Root>
  )
}

export const TipProvider = Tooltip.Provider
