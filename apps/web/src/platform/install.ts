import type { Observable } from '@parley/client'

/** As Chromium has it; TypeScript's library has none. */
interface InstallPrompt extends Event {
  prompt(): Promise<{ readonly outcome: 'accepted' | 'dismissed' }>
}

/** `offered`: the browser would install it now; `by-hand`: on an iPhone the person does it themselves. */
export type Install = 'installed' | 'offered' | 'by-hand' | 'unknown'

const VISITS = 'parley.visits'
const DISMISSED = 'parley.install-dismissed'

/** Its browsers offer nothing by themselves, and notifications only once the app is installed. */
export const isApple = (): boolean => /iPhone|iPad|iPod/.test(navigator.userAgent)

export const isInstalled = (): boolean =>
  matchMedia('(display-mode: standalone)').matches ||
  ('standalone' in navigator && navigator.standalone === true)

let kept: InstallPrompt | undefined
let hasInstalled = false
const listeners = new Set<() => void>()
const tell = (): void => {
  for (const listener of listeners) listener()
}

/** The browser offers once, early, and to whoever listens: kept until the person wants it. */
export function keepInstallPrompt(): void {
  countVisit()
  globalThis.addEventListener('beforeinstallprompt', (event) => {
    event.preventDefault()
    kept = event as InstallPrompt
    tell()
  })
  globalThis.addEventListener('appinstalled', () => {
    kept = undefined
    hasInstalled = true
    tell()
  })
}

export const install: Observable<Install> = {
  get: () => {
    if (hasInstalled || isInstalled()) return 'installed'
    if (kept !== undefined) return 'offered'
    return isApple() ? 'by-hand' : 'unknown'
  },
  subscribe: (listener) => {
    listeners.add(listener)
    return () => listeners.delete(listener)
  },
}

/** Within a click. */
export async function askToInstall(): Promise<void> {
  const asked = kept
  kept = undefined
  await asked?.prompt()
  tell()
}

/** From the second visit on, until the person has said no: whoever looks in once is left alone. */
export function isTimeToInstall(): boolean {
  try {
    return Number(localStorage.getItem(VISITS)) > 1 && localStorage.getItem(DISMISSED) === null
  } catch {
    return false
  }
}

function countVisit(): void {
  try {
    if (sessionStorage.getItem(VISITS) !== null) return
    sessionStorage.setItem(VISITS, 'counted')
    localStorage.setItem(VISITS, String(Number(localStorage.getItem(VISITS)) + 1))
  } catch {
    // Nothing is offered where nothing can be remembered.
  }
}

export function dismissInstall(): void {
  try {
    localStorage.setItem(DISMISSED, 'yes')
  } catch {
    // As above.
  }
}
