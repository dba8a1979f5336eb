import type { UserId } from '@parley/protocol'
import { createContext, useContext } from 'react'
import type { Ending } from '../person/person-question.tsx'

export interface Asked {
  readonly user: UserId
  readonly question: Ending
}

/** Asks once more before a friendship ends. */
export const AskContext = createContext<(asked: Asked) => void>(() => undefined)

export const useAsk = () => useContext(AskContext)
