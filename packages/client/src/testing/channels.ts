import type { Channel } from '../ports.ts'

/** Makes the channels of one browser's tabs: what one posts, the others hear, a moment later. */
export function testChannels(): () => Channel {
  const tabs = new Set<Set<(message: unknown) => void>>()
  return () => {
    const own = new Set<(message: unknown) => void>()
    tabs.add(own)
    return {
      post: (message) =>
        queueMicrotask(() => {
          for (const tab of tabs) if (tab !== own) for (const listener of tab) listener(message)
        }),
      subscribe: (listener) => {
        own.add(listener)
        return () => own.delete(listener)
      },
    }
  }
}
