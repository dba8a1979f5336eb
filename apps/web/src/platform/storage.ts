export interface StorageUse {
  readonly usedBytes: number
  readonly isKept: boolean
}

/** Asks the browser not to remove what is kept when space is short. Its answer may be no, and may change. */
export async function askToKeep(): Promise<void> {
  await navigator.storage?.persist?.()
}

export async function storageUse(): Promise<StorageUse | undefined> {
  if (navigator.storage?.estimate === undefined) return undefined
  const [{ usage = 0 }, isKept] = await Promise.all([
    navigator.storage.estimate(),
    navigator.storage.persisted(),
  ])
  return { usedBytes: usage, isKept }
}
