/** Whether ⌘ takes the place of Ctrl. */
export const isMac = (): boolean => /^(Mac|iP)/.test(navigator.platform)

const KEY = 'parley.single-keys'

/** Single keys can be turned off: dictation and unsteady hands press them without wanting to. Kept per device. */
export function areSingleKeysOn(): boolean {
  try {
    return localStorage.getItem(KEY) !== 'off'
  } catch {
    return true
  }
}

export function setSingleKeys(isOn: boolean): void {
  try {
    if (isOn) localStorage.removeItem(KEY)
    else localStorage.setItem(KEY, 'off')
  } catch {
    // Storage is forbidden in some private modes: what is usual stays.
  }
}
