export type Theme = 'system' | 'light' | 'dark'
export type Density = 'comfortable' | 'compact'

const THEME = 'parley.theme'
const DENSITY = 'parley.density'

/** Kept per device, and outside the account: public/before.js reads it before the first paint. */
export function theme(): Theme {
  const value = document.documentElement.dataset['theme']
  return value === 'light' || value === 'dark' ? value : 'system'
}

export function setTheme(next: Theme): void {
  set('theme', THEME, next === 'system' ? undefined : next)
}

/** How close together things stand; what that means is in tokens.css. */
export const density = (): Density =>
  document.documentElement.dataset['density'] === 'compact' ? 'compact' : 'comfortable'

export function setDensity(next: Density): void {
  set('density', DENSITY, next === 'comfortable' ? undefined : next)
}

/** Undefined: as usual. */
function set(name: string, key: string, value: string | undefined): void {
  const root = document.documentElement
  if (value === undefined) delete root.dataset[name]
  else root.dataset[name] = value
  try {
    if (value === undefined) localStorage.removeItem(key)
    else localStorage.setItem(key, value)
  } catch {
    // Storage is forbidden in some private modes: the choice then lasts until the window closes.
  }
}
