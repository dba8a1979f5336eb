export type Theme = 'system' | 'light' | 'dark'

const KEY = 'parley.theme'

/** Kept per device, and outside the account: public/before.js reads it before the first paint. */
export function theme(): Theme {
  const value = document.documentElement.dataset['theme']
  return value === 'light' || value === 'dark' ? value : 'system'
}

export function setTheme(next: Theme): void {
  const root = document.documentElement
  if (next === 'system') delete root.dataset['theme']
  else root.dataset['theme'] = next
  try {
    if (next === 'system') localStorage.removeItem(KEY)
    else localStorage.setItem(KEY, next)
  } catch {
    // Storage is forbidden in some private modes: the choice then lasts until the window closes.
  }
}
