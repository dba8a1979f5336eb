import { testLocks } from './locks.ts'
import { describeLocks } from './locks-contract.ts'

describeLocks('tests', testLocks())
