import type { UserId } from '@parley/protocol'
import { useAccount } from '../../context.tsx'
import { useLanguage } from '../../i18n/language.tsx'
import { useName } from '../../people.ts'
import { Question } from '../../ui/question.tsx'

export type Ending = 'block' | 'remove'

interface PersonQuestionProps {
  readonly user: UserId
  readonly question: Ending
  readonly onClose: () => void
}

/** Both end a friendship, and neither is taken back without the other's help. */
export function PersonQuestion({ user, question, onClose }: PersonQuestionProps) {
  const account = useAccount()
  const { t } = useLanguage()
  const name = useName(user)
  const go = (): void => {
    if (question === 'block') account.block(user)
    else account.removeFriend(user)
    onClose()
  }
  return (
    <Question
      title={t(`person.${question}.title`, { name })}
      body={t(`person.${question}.body`, { name })}
      confirm={t(question === 'block' ? 'person.block' : 'person.remove')}
      onClose={onClose}
      onConfirm={go}
    />
  )
}
