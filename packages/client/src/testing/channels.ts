import type { Channel } from '../ports.ts'

export interface TestChannel extends Channel {
  /** From now on nothing is heard or said here. */
  crash(): void
}

/** Makes the channels of one browser's tabs: what one posts, the others hear, a moment later. */
export function testChannels(): () => TestChannel {
  const tabs = new Set<Set<(message: unknown) => void>>()
  return () => {
    const own = new Set<(message: unknown) => void>()
    tabs.add(own)
    return {
      post: (message) => {
        if (!tabs.has(own)) return
        const copies = [...tabs]
          .filter((tab) => tab !== own)
          .map((tab) => [tab, structuredClone(message)] as const)
        queueMicrotask(() => {
          for (const [tab, copy] of copies) if (tabs.has(tab)) for (const listener of tab) listener(copy)
        })
      },
      subscribe: (listener) => {
        own.add(listener)
        return () => own.delete(listener)
      },
      crash: () => {
        tabs.delete(own)
      },
    }
  }
}
