import type { ComponentType } from 'react'
import { About } from './about.tsx'
import { Appearance } from './appearance.tsx'
import { Devices } from './devices.tsx'
import { Export } from './export.tsx'
import { Keyboard } from './keyboard.tsx'
import { LanguageChoice } from './language-choice.tsx'
import { Leaving } from './leaving.tsx'
import { Notifications } from './notifications.tsx'
import { Password } from './password.tsx'
import { Profile } from './profile.tsx'
import { Storage } from './storage.tsx'
import { Tokens } from './tokens.tsx'
import {
  BellIcon,
  CodeIcon,
  DownloadIcon,
  GlobeIcon,
  InfoIcon,
  KeyboardIcon,
  KeyIcon,
  PaletteIcon,
  PersonIcon,
} from './icons.tsx'
import { DeviceIcon, LeaveIcon, StorageIcon } from '../../ui/icons.tsx'

type Icon = ComponentType<{ readonly size?: number }>

interface Place {
  readonly icon: Icon
  readonly section: ComponentType
}

/** In the order of the list; the name is the last part of the address. */
export const SECTIONS = {
  profile: { icon: PersonIcon, section: Profile },
  password: { icon: KeyIcon, section: Password },
  devices: { icon: DeviceIcon, section: Devices },
  notifications: { icon: BellIcon, section: Notifications },
  appearance: { icon: PaletteIcon, section: Appearance },
  language: { icon: GlobeIcon, section: LanguageChoice },
  keyboard: { icon: KeyboardIcon, section: Keyboard },
  storage: { icon: StorageIcon, section: Storage },
  export: { icon: DownloadIcon, section: Export },
  tokens: { icon: CodeIcon, section: Tokens },
  about: { icon: InfoIcon, section: About },
  leaving: { icon: LeaveIcon, section: Leaving },
} as const satisfies Readonly<Record<string, Place>>

export type SectionName = keyof typeof SECTIONS

export const isSection = (text: string | undefined): text is SectionName =>
  text !== undefined && Object.hasOwn(SECTIONS, text)

/** What belongs together stands together. */
export const GROUPS: readonly {
  readonly name: 'account' | 'app' | 'data' | 'more'
  readonly sections: readonly SectionName[]
}[] = [
  { name: 'account', sections: ['profile', 'password', 'devices'] },
  { name: 'app', sections: ['notifications', 'appearance', 'language', 'keyboard'] },
  { name: 'data', sections: ['storage', 'export', 'tokens'] },
  { name: 'more', sections: ['about', 'leaving'] },
]
