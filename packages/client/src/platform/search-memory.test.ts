import { describeSearchIndex } from '../testing/search-index-contract.ts'
import { memoryIndex } from './search-memory.ts'

describeSearchIndex('memory', memoryIndex)
