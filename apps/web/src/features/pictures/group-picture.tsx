import type { Answer, ConversationView } from '@parley/client'
import { useAccount } from '../../context.tsx'
import { useLanguage } from '../../i18n/language.tsx'
import { titleOf } from '../inbox/titles.ts'
import { PictureChoice } from './picture-choice.tsx'

const DONE: Answer<undefined> = { ok: true, value: undefined }

/**
 * The picture of a group or a channel, for who may change it. The picture itself goes to the server at once; that it is
 * the group's is a command like any other, which shows at once and waits for a network if it has to.
 */
export default function GroupPicture({ view }: { view: ConversationView }) {
  const account = useAccount()
  const { t } = useLanguage()
  const set = async (picture: Blob): Promise<Answer<unknown>> => {
    const answer = await account.api.addAvatar(picture, picture.type)
    if (answer.ok) account.updateConversation(view.id, { avatar: answer.value.avatar })
    return answer
  }
  const remove = async (): Promise<Answer<unknown>> => {
    account.updateConversation(view.id, { avatar: '' })
    return DONE
  }
  return (
    <PictureChoice
      id={view.id}
      name={titleOf(view, t)}
      shape="group"
      avatar={view.avatar}
      onChosen={set}
      onRemove={remove}
    />
  )
}
