import type { MessageItem } from '@parley/client'
import { useMemo } from 'react'
import { useLanguage } from '../../i18n/language.tsx'
import { copy } from '../../platform/copy.ts'
import type { MessageContext } from './message-context.ts'

/** What can be done with any message, however it is asked for: by mouse, by key or by touch. */
export function useMessageDeeds({ conversation, onReply, onDone, maySend, mayReact }: MessageContext) {
  const { t } = useLanguage()
  return useMemo(() => {
    const copied = async (text: string): Promise<void> => {
      if (await copy(text)) onDone(t('message.copied'))
    }
    const isSaid = ({ place }: MessageItem): boolean => place.state === 'said'
    return {
      mayReply: (item: MessageItem): boolean => maySend && isSaid(item),
      mayReact: (item: MessageItem): boolean => mayReact && isSaid(item),
      mayCopy: ({ text }: MessageItem): boolean => text !== '',
      mayLink: isSaid,
      reply: ({ id }: MessageItem): void => onReply(id),
      copy: ({ text }: MessageItem): void => void copied(text),
      copyLink: ({ place }: MessageItem): void => {
        if (place.state === 'said') void copied(`${location.origin}/c/${conversation}/${place.seq}`)
      },
    }
  }, [conversation, onReply, onDone, maySend, mayReact, t])
}
