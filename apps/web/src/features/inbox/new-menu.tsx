import { Menu } from '@base-ui/react/menu'
import type { RefObject } from 'react'
import { useLocation } from 'wouter'
import { useLanguage } from '../../i18n/language.tsx'
import { HashIcon, PeopleIcon, PersonIcon, SearchIcon } from '../../ui/icons.tsx'
import { MenuItem, MenuPanel } from '../../ui/menu.tsx'
import { useOverlay } from '../shell/overlays.ts'

interface NewMenuProps {
  readonly anchor: RefObject<HTMLButtonElement | null>
  readonly isOpen: boolean
  readonly onOpenChange: (isOpen: boolean) => void
}

export default function NewMenu({ anchor, isOpen, onOpenChange }: NewMenuProps) {
  const { t } = useLanguage()
  const overlay = useOverlay()
  const [, navigate] = useLocation()
  return (
    <Menu.Root open={isOpen} onOpenChange={onOpenChange}>
      <MenuPanel anchor={anchor} label={t('inbox.new')}>
        <MenuItem icon={<PersonIcon size={18} />} onSelect={() => overlay('new-direct')}>
          {t('direct.title')}
        </MenuItem>
        <MenuItem icon={<PeopleIcon size={18} />} onSelect={() => overlay('new-group')}>
          {t('inbox.new-group')}
        </MenuItem>
        <MenuItem icon={<HashIcon size={18} />} onSelect={() => overlay('new-channel')}>
          {t('channel.title')}
        </MenuItem>
        <MenuItem icon={<SearchIcon size={18} />} onSelect={() => navigate('/channels')}>
          {t('channels.title')}
        </MenuItem>
      </MenuPanel>
    </Menu.Root>
  )
}
