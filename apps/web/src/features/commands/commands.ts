import type { Account, ConversationView } from '@parley/client'
import { isMuted, MUTED_FOREVER, type Preferences } from '@parley/protocol'
import type { Translate } from '../../i18n/translate.ts'
import { setTheme, type Theme } from '../../platform/appearance.ts'
import { matches, titleOf } from '../inbox/titles.ts'
import type { ShortcutId } from '../keys/keys.ts'
import type { Overlay } from '../shell/overlays.ts'

/** Something that can be done from the search box. */
export interface AppCommand {
  readonly id: string
  readonly words: string
  /** The keys that do the same. */
  readonly keys?: ShortcutId
  run(): void
}

/** What commands act on. */
export interface Around {
  readonly account: Account
  readonly preferences: Preferences
  readonly views: readonly ConversationView[]
  /** The conversation on the screen. */
  readonly open: ConversationView | undefined
  readonly theme: Exclude<Theme, 'system'>
  readonly now: number
  readonly t: Translate
  readonly show: (overlay: Overlay) => void
  readonly navigate: (to: string) => void
}

/** Everything that can be done now, what concerns the open conversation first. */
export function commandsFor(around: Around): readonly AppCommand[] {
  const { account, views, theme, t, show, navigate } = around
  const unread = views.filter((view) => view.unread > 0)
  return [
    ...conversationCommands(around),
    { id: 'direct', words: t('direct.title'), keys: 'new-direct', run: () => show('new-direct') },
    { id: 'group', words: t('inbox.new-group'), run: () => show('new-group') },
    { id: 'channel', words: t('channel.title'), run: () => show('new-channel') },
    { id: 'channels', words: t('channels.title'), run: () => navigate('/channels') },
    { id: 'friends', words: t('command.friends'), keys: 'friends', run: () => navigate('/friends') },
    {
      id: 'notifications',
      words: t('command.notifications'),
      keys: 'notifications',
      run: () => navigate('/notifications'),
    },
    { id: 'settings', words: t('command.settings'), keys: 'settings', run: () => navigate('/settings') },
    ...(unread.length === 0
      ? []
      : [
          {
            id: 'read-all',
            words: t('command.read-all'),
            run: () => {
              for (const { id, lastSeq } of unread) account.markRead(id, lastSeq)
            },
          },
        ]),
    theme === 'dark'
      ? { id: 'theme', words: t('command.light'), run: () => setTheme('light') }
      : { id: 'theme', words: t('command.dark'), run: () => setTheme('dark') },
    { id: 'theme-system', words: t('command.system-theme'), run: () => setTheme('system') },
    { id: 'keys', words: t('keys.title'), keys: 'help', run: () => show('keys') },
  ]
}

function conversationCommands({
  account,
  preferences,
  open,
  now,
  t,
  show,
  navigate,
}: Around): readonly AppCommand[] {
  if (open === undefined) return []
  const { id, lastSeq } = open
  const title = titleOf(open, t)
  return [
    {
      id: 'search-here',
      words: t('command.search', { title }),
      keys: 'search-here' as const,
      run: () => show('search-here'),
    },
    open.unread > 0
      ? { id: 'read', words: t('command.read', { title }), run: () => account.markRead(id, lastSeq) }
      : undefined,
    isMuted(preferences, id, now)
      ? { id: 'unmute', words: t('command.unmute', { title }), run: () => account.mute(id, undefined) }
      : { id: 'mute', words: t('command.mute', { title }), run: () => account.mute(id, MUTED_FOREVER) },
    {
      id: 'details',
      words: t('command.details', { title }),
      keys: 'details' as const,
      run: () => navigate(`/c/${id}/details`),
    },
  ].filter((each) => each !== undefined)
}

/** More would push what was looked for out of sight; all of them are behind `>`. */
const SHOWN = 5

/** Commands that have all of the words; behind a `>` nothing else is looked for. */
export function commandsFound(commands: readonly AppCommand[], typed: string): readonly AppCommand[] {
  if (isForCommands(typed)) {
    const wanted = typed.slice(1).trim()
    return wanted === '' ? commands : commands.filter(({ words }) => matches(words, wanted))
  }
  return typed === '' ? commands : commands.filter(({ words }) => matches(words, typed)).slice(0, SHOWN)
}

export const isForCommands = (typed: string): boolean => typed.startsWith('>')
