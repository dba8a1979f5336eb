import { type FatedCommand, type Loss, sendableOf } from '@parley/client'
import { useLocation } from 'wouter'
import { useAccount } from '../../context.tsx'
import { useLanguage } from '../../i18n/language.tsx'
import { useObservable } from '../../observe.ts'
import { AlertIcon } from '../../ui/icons.tsx'
import { Bar } from './bar.tsx'

interface LossBarProps {
  readonly losses: readonly Loss[]
  readonly commands: readonly FatedCommand[]
}

/** A server that went back to an earlier state has lost something in many conversations at once: one line for all. */
export default function LossBar({ losses, commands }: LossBarProps) {
  const account = useAccount()
  const { t } = useLanguage()
  const me = useObservable(account.me)
  const [path] = useLocation()
  const count = losses.flatMap(({ missing }) => missing).filter(({ type }) => type === 'message').length
  const given = new Set(commands.map(({ id }) => id))
  const mine = losses.filter((loss) => sendableOf(loss, me.id).some(({ id }) => !given.has(id)))
  if (count === 0 && mine.length === 0) return null
  // It says so itself.
  if (losses.length === 1 && path === `/c/${losses[0]?.conversation}`) return null
  return (
    <Bar
      look="warning"
      icon={<AlertIcon size={16} />}
      action={
        <>
          {mine.length > 0 && (
            <button
              type="button"
              onClick={() => {
                for (const { conversation } of mine) void account.sendAgain(conversation)
              }}
            >
              {t('status.loss.send')}
            </button>
          )}
          <button
            type="button"
            onClick={() => {
              for (const { conversation } of losses) void account.dismissLoss(conversation)
            }}
          >
            {t('status.loss.dismiss')}
          </button>
        </>
      }
    >
      {count === 0 ? t('loss.changes') : t('status.loss', { count })}
    </Bar>
  )
}
