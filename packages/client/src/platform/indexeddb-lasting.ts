import { type Store, StoreError, type StoreFault } from '../store/store.ts'

/** What happens to an open database from outside. */
export interface ConnectionEars {
  /** The browser has closed it: Safari does in the background, all do when data is cleared or a disk fails. */
  lost(): void
  /** It was given, for good, to another tab, which has a newer version (`outdated`) or deletes it (`closed`). */
  given(fault: StoreFault): void
  /** There was none: it has just been made. */
  made(): void
}

export type Connect = (ears: ConnectionEars) => Promise<Store>

export interface LastingEars {
  /** The database was opened again, and all that it held before is gone. */
  emptied(): void
}

/**
 * A store that outlives its connection: when the browser closes that, the next call opens the database again
 * and is made there. Every method of a store may be repeated, so one whose answer was lost is asked again.
 */
export async function lastingStore(connect: Connect, { emptied }: LastingEars): Promise<Store> {
  let connection: Promise<Store> | undefined
  /** Why it is not opened again. */
  let ending: StoreFault | undefined
  let wasOpen = false

  const open = (): Promise<Store> => {
    let isMade = false
    const opening: Promise<Store> = connect({
      lost: () => forget(opening),
      given: (fault) => {
        ending = fault
      },
      made: () => {
        isMade = true
      },
    })
    connection = opening
    opening.then(
      () => {
        // Told before anything can be written that would rest upon what is gone.
        if (isMade && wasOpen) emptied()
        wasOpen = true
      },
      () => forget(opening),
    )
    return opening
  }
  const forget = (which: Promise<Store>) => {
    if (connection === which && ending === undefined) connection = undefined
  }

  const run = async (call: (store: Store) => Promise<unknown>): Promise<unknown> => {
    const used = connection ?? open()
    const store = await used
    try {
      return await call(store)
    } catch (error) {
      if (!isLost(error)) throw error
      if (ending !== undefined) throw new StoreError(ending, 'the database is closed', { cause: error })
      forget(used)
      return await call(await (connection ?? open()))
    }
  }

  const first = await open()
  return new Proxy(first, {
    get: (_, name: keyof Store) => {
      // Whoever awaits a store asks it whether it is a promise.
      if (!(name in first)) return undefined
      if (name !== 'close') {
        return (...given: readonly unknown[]) =>
          run((store) => (store[name] as (...given: readonly unknown[]) => Promise<unknown>)(...given))
      }
      return () => {
        ending ??= 'closed'
        void connection?.then(
          (store) => store.close(),
          // Never opened: there is nothing to close.
          () => undefined,
        )
      }
    },
  })
}

/** Safari says `UnknownError` on what was under way when its storage process ended. */
const isLost = (error: unknown): boolean =>
  error instanceof StoreError &&
  (error.fault === 'closed' || (error.cause instanceof DOMException && error.cause.name === 'UnknownError'))
