import type { Tone } from './emoji-set.ts'

const KEY = 'parley.skin-tone'

/** Kept per device, beside the appearance. */
export function skinTone(): Tone {
  try {
    const kept = localStorage.getItem(KEY)
    return kept !== null && /^[0-4]$/.test(kept) ? (Number(kept) as Tone) : undefined
  } catch {
    // Storage is forbidden in some private modes.
    return undefined
  }
}

export function setSkinTone(tone: Tone): void {
  try {
    if (tone === undefined) localStorage.removeItem(KEY)
    else localStorage.setItem(KEY, String(tone))
  } catch {
    // The choice then lasts until the picker closes.
  }
}
