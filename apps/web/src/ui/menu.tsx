import { Menu as Base } from '@base-ui/react/menu'
import type { ReactElement, ReactNode } from 'react'
import styles from './menu.module.css'

interface MenuProps {
  readonly trigger: ReactElement<Record<string, unknown>>
  readonly children: ReactNode
  readonly align?: 'start' | 'end'
  readonly onOpenChange?: (isOpen: boolean) => void
}

export function Menu({ trigger, children, align = 'end', onOpenChange }: MenuProps) {
  return (
    <Base.Root {...(onOpenChange === undefined ? {} : { onOpenChange })}>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner className={styles.positioner} align={align} sideOffset={4}>
          <Base.Popup className={styles.menu}>{children}</Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}

interface MenuItemProps {
  readonly icon?: ReactNode
  readonly isDangerous?: boolean
  readonly onSelect: () => void
  readonly children: ReactNode
}

export const MenuItem = ({ icon, isDangerous = false, onSelect, children }: MenuItemProps) => (
  <Base.Item className={styles.item} data-danger={isDangerous || undefined} onClick={onSelect}>
    {icon}
    {children}
  </Base.Item>
)
