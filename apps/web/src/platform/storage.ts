import type { Account, Estimate } from '@parley/client'
import { deleteStorage } from '@parley/client/indexeddb'
import type { UserId } from '@parley/protocol'
import { browserTraces, tracedUsers } from './traces.ts'

export interface StorageUse {
  readonly usedBytes: number
  readonly isKept: boolean
}

const ASKED = 'parley/asked-to-keep'

/**
 * Asks the browser not to remove what is kept when space is short. Its answer may be no, and may change; Firefox
 * asks the person, who therefore is not asked again by itself.
 */
export async function askToKeep(): Promise<boolean> {
  try {
    localStorage.setItem(ASKED, 'yes')
  } catch {
    // Where this cannot be remembered, neither can what it is asked for.
  }
  return (await navigator.storage?.persist?.()) ?? false
}

/** Asks once, and when there is something to keep: with the first thing that this person does here. */
export function keepWhatIsWritten({ commands }: Account): () => void {
  const end = commands.subscribe(() => {
    if (commands.get().length === 0) return
    end()
    // Within the key press that has written it: a question that comes with it explains itself. Without the promise
    // the copy is only less safe, never wrong.
    if (!wasAsked()) askToKeep().catch(() => undefined)
  })
  return end
}

function wasAsked(): boolean {
  try {
    return localStorage.getItem(ASKED) !== null
  } catch {
    return true
  }
}

export async function storageUse(): Promise<StorageUse | undefined> {
  if (navigator.storage?.estimate === undefined) return undefined
  const [{ usage = 0 }, isKept] = await Promise.all([
    navigator.storage.estimate(),
    navigator.storage.persisted(),
  ])
  return { usedBytes: usage, isKept }
}

/** Undefined where the browser does not say. */
export async function storageEstimate(): Promise<Estimate | undefined> {
  const { usage, quota } = (await navigator.storage?.estimate?.()) ?? {}
  return usage === undefined || quota === undefined ? undefined : { usedBytes: usage, totalBytes: quota }
}

/** How many commands waited in what cannot be opened any more, as far as this is known. */
export const unsentInTraces = (): number =>
  tracedUsers().reduce((sum, user) => {
    const left = browserTraces.read(user)
    const unsent = typeof left === 'object' && left !== null && 'unsent' in left ? Number(left.unsent) : 0
    return sum + (Number.isSafeInteger(unsent) ? unsent : 0)
  }, 0)

const PERSONS = /^parley\/([0-9a-f-]{36})$/

/** Deletes all that Parley keeps here, to begin with what the server has. Rejects where not even that can be done. */
export async function startAnew(): Promise<void> {
  const names = (await indexedDB.databases?.())?.map(({ name }) => name ?? '') ?? []
  const found = names.flatMap((name) => PERSONS.exec(name)?.[1] ?? [])
  const users = new Set([...tracedUsers(), ...(found as UserId[])])
  await deleteStorage([...users])
  for (const user of users) browserTraces.write(user, undefined)
  location.reload()
}
