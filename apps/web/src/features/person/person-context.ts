import type { UserId } from '@parley/protocol'
import { createContext, useContext } from 'react'

/** Shows who somebody is, beside what they were called by; the same once more closes it. */
export type ShowPerson = (user: UserId, anchor: HTMLElement) => void

export const PersonContext = createContext<ShowPerson | undefined>(undefined)

export function useShowPerson(): ShowPerson {
  const show = useContext(PersonContext)
  if (show === undefined) throw new Error('no PersonLayer above')
  return show
}
