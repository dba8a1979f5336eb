import * as Y from 'yjs'
import type { Saving } from './saving.ts'
import type { Store, StoredUpdate } from './store.ts'

/** Whether bytes are a Yjs update, or a state, from beginning to end. */
export function isUpdate(bytes: Uint8Array): boolean {
  try {
    Y.decodeUpdate(bytes)
    return true
  } catch {
    // Yjs throws whatever its decoder stumbles over: there is nothing to tell apart.
    return false
  }
}

/**
 * The account document's updates that can be read. The others are kept apart, in the hope of better times: what the
 * server has of them comes back from it with the next connection. `onAside` hears how many there were.
 */
export async function readableUpdates(
  store: Store,
  saving: Saving,
  onAside: (count: number) => void,
): Promise<readonly StoredUpdate[]> {
  const stored = await store.loadAccount()
  const damaged = stored.filter(({ update }) => !isUpdate(update))
  if (damaged.length === 0) return stored
  const keys = new Set(damaged.map(({ key }) => key))
  // Where even that fails they are found again at the next start.
  await saving.run(() => store.setAside([...keys]), 'own')
  onAside(keys.size)
  return stored.filter(({ key }) => !keys.has(key))
}
