import type { FatedCommand } from '@parley/client'
import { type Command, isConversationCommand } from '@parley/protocol'
import { useState } from 'react'
import { useLocation } from 'wouter'
import { useAccount } from '../../context.tsx'
import { useLanguage } from '../../i18n/language.tsx'
import { useObservable } from '../../observe.ts'
import { useNames } from '../../people.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { AlertIcon } from '../../ui/icons.tsx'
import { isForEditing } from '../compose/edit-again.ts'
import { titleOf } from '../inbox/titles.ts'
import { Bar } from './bar.tsx'
import { aboutWhom, isFriendCommand, whyRefused } from '../person/refused-words.ts'
import { commandWords, refusalWords, writtenWords } from './refusal-words.ts'
import styles from './status.module.css'

/** What the server has refused, each with a reason and a way on (C3); nothing of it goes away by itself. */
export default function RefusedCommands({ refused }: { refused: readonly FatedCommand[] }) {
  const { t } = useLanguage()
  const [isShown, setIsShown] = useState(false)
  return (
    <>
      {refused.length > 0 && (
        <Bar
          look="danger"
          icon={<AlertIcon size={16} />}
          action={
            <button type="button" onClick={() => setIsShown(true)}>
              {t('status.refused.show')}
            </button>
          }
        >
          {t('status.refused', { count: refused.length })}
        </Bar>
      )}
      <Dialog
        isOpen={isShown}
        onClose={() => setIsShown(false)}
        title={t('status.refused.title')}
        lead={refused.length > 0 ? t('status.refused.lead') : t('status.refused.none')}
      >
        <ul className={styles.refused}>
          {refused.map((entry) => (
            <Refused key={entry.id} entry={entry} onLeave={() => setIsShown(false)} />
          ))}
        </ul>
      </Dialog>
    </>
  )
}

interface RefusedProps {
  readonly entry: FatedCommand
  readonly onLeave: () => void
}

function Refused({ entry: { id, command, fate, files }, onLeave }: RefusedProps) {
  const account = useAccount()
  const { t } = useLanguage()
  const [, navigate] = useLocation()
  const where = useTitleOf(command)
  const written = command && writtenWords(command, t)
  // Its text has to change, and the place for that is the conversation.
  const toEdit = command?.type === 'message.send' && fate.state === 'refused' && isForEditing(fate.code)
  return (
    <li>
      <p className={styles.what} dir="auto">
        {command === undefined ? t('refused.other') : commandWords(command, where, t)}
      </p>
      {written !== undefined && (
        <p className={styles.said} dir="auto">
          {written}
        </p>
      )}
      {fate.state === 'refused' && (
        <p className={styles.why}>
          {isFriendCommand(command)
            ? whyRefused(command, fate.code, fate.message, t)
            : refusalWords(fate.code, fate.message, t, files !== undefined)}
        </p>
      )}
      <div className={styles.choices}>
        {toEdit && (
          <Button
            size="small"
            onClick={() => {
              navigate(`/c/${command.conversation}`)
              onLeave()
            }}
          >
            {t('status.refused.go')}
          </Button>
        )}
        {command !== undefined && !toEdit && (
          <Button size="small" onClick={() => void account.retry(id)}>
            {t('common.retry')}
          </Button>
        )}
        <Button size="small" look="quiet" onClick={() => void account.discard(id)}>
          {t('common.discard')}
        </Button>
      </div>
    </li>
  )
}

function useTitleOf(command: Command | undefined): string {
  const { t } = useLanguage()
  const account = useAccount()
  const list = useObservable(account.conversations)
  const friends = useObservable(account.friends)
  const whom = isFriendCommand(command) ? aboutWhom(command, friends) : undefined
  const [name = t('common.someone')] = useNames(whom === undefined ? [] : [whom])
  if (isFriendCommand(command)) return name
  if (command === undefined || !isConversationCommand(command) || list.state === 'loading')
    return t('conversation.untitled')
  const view = list.conversations.find(({ id }) => id === command.conversation)
  return view === undefined ? t('conversation.untitled') : titleOf(view, t)
}
