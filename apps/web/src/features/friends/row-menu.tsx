import type { UserId } from '@parley/protocol'
import { useLanguage } from '../../i18n/language.tsx'
import { IconButton } from '../../ui/button.tsx'
import { MoreIcon } from '../../ui/icons.tsx'
import { Menu, MenuItem } from '../../ui/menu.tsx'
import { useAsk } from './ask-context.ts'

interface RowMenuProps {
  readonly user: UserId
  readonly name: string | undefined
  readonly isFriend?: boolean
}

/** What ends things between two people, out of the way. */
export function RowMenu({ user, name, isFriend = false }: RowMenuProps) {
  const { t } = useLanguage()
  const ask = useAsk()
  return (
    <Menu
      trigger={
        <IconButton
          label={t('friends.actions', { name: name ?? t('common.someone') })}
          icon={<MoreIcon size={18} />}
          hasTip={false}
        />
      }
    >
      {isFriend && (
        <MenuItem onSelect={() => ask({ user, question: 'remove' })}>{t('person.remove')}</MenuItem>
      )}
      <MenuItem isDangerous onSelect={() => ask({ user, question: 'block' })}>
        {t('person.block')}
      </MenuItem>
    </Menu>
  )
}
