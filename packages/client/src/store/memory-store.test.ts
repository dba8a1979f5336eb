import { memoryStore } from './memory-store.ts'
import { describeStore } from '../testing/store-contract.ts'

describeStore(
  'memory',
  async () => memoryStore(),
  async (store) => store,
)
