import { expect, test } from 'vitest'
import { ana } from '../testing/logs.ts'
import { describeSearchIndex } from '../testing/search-index-contract.ts'
import { memoryIndex } from './search-memory.ts'
import { keptIndex } from './search-opfs.ts'
import { systemClock } from './system.ts'

describeSearchIndex('memory', memoryIndex)

test('where there are no private files the index is in memory, and says so', async () => {
  const index = await keptIndex(ana, systemClock)
  expect(index.isKept).toBe(false)
  index.close()
})
