import { Menu as Base } from '@base-ui/react/menu'
import type { ReactElement, ReactNode, RefObject } from 'react'
import panel from './panel.module.css'
import styles from './menu.module.css'

interface MenuProps {
  readonly trigger: ReactElement<Record<string, unknown>>
  readonly children: ReactNode
  readonly align?: 'start' | 'end'
  /** For a menu that something else than its trigger opens too. */
  readonly isOpen?: boolean
  readonly onOpenChange?: (isOpen: boolean) => void
}

export function Menu({ trigger, children, align = 'end', isOpen, onOpenChange }: MenuProps) {
  return (
    <Base.Root
      {...(isOpen === undefined ? {} : { open: isOpen })}
      {...(onOpenChange === undefined ? {} : { onOpenChange })}
    >
      <Base.Trigger render={trigger} />
      <MenuPanel align={align}>{children}</MenuPanel>
    </Base.Root>
  )
}

interface MenuPanelProps {
  readonly align?: 'start' | 'end'
  /** Only where it has no trigger: what it opens beside, and where the focus returns to. */
  readonly anchor?: RefObject<HTMLElement | null>
  readonly label?: string
  readonly children: ReactNode
}

/** What a menu's items stand in. */
export const MenuPanel = ({ align = 'end', anchor, label, children }: MenuPanelProps) => (
  <Base.Portal>
    <Base.Positioner className={panel.above} anchor={anchor} align={align} sideOffset={4}>
      <Base.Popup
        className={[panel.panel, panel.opening, styles.menu].join(' ')}
        finalFocus={anchor}
        aria-label={label}
      >
        {children}
      </Base.Popup>
    </Base.Positioner>
  </Base.Portal>
)

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
