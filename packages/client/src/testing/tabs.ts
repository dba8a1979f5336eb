import { type Source, source } from '../observable.ts'
import type { Sight } from '../ports.ts'
import { type TestChannel, testChannels } from './channels.ts'
import { type TestLocks, testLocks } from './locks.ts'

export interface TestTab {
  readonly channel: TestChannel
  readonly locks: TestLocks
  readonly sight: Source<Sight>
  /** Ends it as the browser ends a tab that has crashed: without a word. */
  crash(): void
}

/** Makes the tabs of one browser. */
export function testTabs(): () => TestTab {
  const [channelOf, locksOf] = [testChannels(), testLocks()]
  return () => {
    const [channel, locks] = [channelOf(), locksOf()]
    return {
      channel,
      locks,
      sight: source<Sight>('visible'),
      crash: () => {
        channel.crash()
        locks.crash()
      },
    }
  }
}
