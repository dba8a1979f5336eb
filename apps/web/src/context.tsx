import type { Account } from '@parley/client'
import { createContext, useContext } from 'react'
import type { Opened } from './platform/open.ts'
import type { AppUpdate } from './platform/update.ts'

/** What main.tsx builds and every screen may need. */
export interface Services extends Opened {
  readonly update: AppUpdate
}

export const ServicesContext = createContext<Services | undefined>(undefined)
export const AccountContext = createContext<Account | undefined>(undefined)

export function useServices(): Services {
  const services = useContext(ServicesContext)
  if (services === undefined) throw new Error('no ServicesContext above')
  return services
}

/** The signed-in person; only below the main screen. */
export function useAccount(): Account {
  const account = useContext(AccountContext)
  if (account === undefined) throw new Error('no AccountContext above')
  return account
}
