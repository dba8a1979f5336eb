import { Menu } from '@base-ui/react/menu'
import { useLanguage } from '../../i18n/language.tsx'
import type { PlainKey } from '../../i18n/translate.ts'
import type { Tone } from './emoji-set.ts'
import panel from '../../ui/panel.module.css'
import styles from './emoji.module.css'

const TONES: readonly { readonly tone: Tone; readonly hand: string; readonly name: PlainKey }[] = [
  { tone: undefined, hand: '✋', name: 'emoji.tone.none' },
  { tone: 0, hand: '✋🏻', name: 'emoji.tone.light' },
  { tone: 1, hand: '✋🏼', name: 'emoji.tone.medium-light' },
  { tone: 2, hand: '✋🏽', name: 'emoji.tone.medium' },
  { tone: 3, hand: '✋🏾', name: 'emoji.tone.medium-dark' },
  { tone: 4, hand: '✋🏿', name: 'emoji.tone.dark' },
]

interface TonePickerProps {
  readonly tone: Tone
  readonly onChange: (tone: Tone) => void
}

/** How the hands and people of the picker look. */
export function TonePicker({ tone, onChange }: TonePickerProps) {
  const { t } = useLanguage()
  const chosen = TONES.find((each) => each.tone === tone) ?? TONES[0]
  return (
    <Menu.Root>
      <Menu.Trigger
        className={styles.toneButton}
        aria-label={t('emoji.tone', { tone: t(chosen?.name ?? 'emoji.tone.none') })}
      >
        {chosen?.hand}
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner className={panel.above} align="end" sideOffset={4}>
          <Menu.Popup className={[panel.panel, styles.tones].join(' ')} aria-label={t('emoji.tones')}>
            <Menu.RadioGroup
              value={tone ?? null}
              onValueChange={(next: Tone | null) => onChange(next ?? undefined)}
            >
              {TONES.map((each) => (
                <Menu.RadioItem
                  key={each.name}
                  value={each.tone ?? null}
                  closeOnClick
                  className={styles.tone}
                >
                  <span aria-hidden="true">{each.hand}</span>
                  {t(each.name)}
                </Menu.RadioItem>
              ))}
            </Menu.RadioGroup>
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  )
}
