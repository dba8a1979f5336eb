import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { StoreError } from '@parley/client'
import './styles/fonts.css'
import './styles/tokens.css'
import './styles/base.css'
import { App } from './app.tsx'
import type { Services } from './context.tsx'
import { type StorageHurdle, StorageScreen } from './features/status/storage-screen.tsx'
import { ENGLISH, shippedLanguage } from './i18n/languages.ts'
import { currentLocale } from './platform/language.ts'
import { keepInstallPrompt } from './platform/install.ts'
import { watchOutbox } from './platform/background-sync.ts'
import { readAhead } from './platform/first-shown.ts'
import { openKept } from './platform/open.ts'
import { watchForUpdate } from './platform/update.ts'
import { Splash } from './ui/splash.tsx'

const container = document.getElementById('root')
if (container === null) throw new Error('the page has no #root')

// A new version has replaced the files this page still refers to: only the new page can go on. Where no
// server answers there is no new page either, and reloading would leave the person with nothing.
window.addEventListener('vite:preloadError', () => {
  fetch('/healthz').then(
    ({ ok }) => ok && location.reload(),
    () => undefined,
  )
})

/** Words that cannot be had, on a first visit that the network left, are better in English than not there. */
const language = shippedLanguage(currentLocale()).catch(() => ENGLISH)

const root = createRoot(container)

/** A disk that has not answered by now may never do: Safari's sometimes answers only the next page. */
const SLOW_MILLIS = 10_000
const show = (hurdle: StorageHurdle): void => {
  void language.then((shipped) => root.render(<StorageScreen hurdle={hurdle} language={shipped} />))
}

keepInstallPrompt()
const update = watchForUpdate()
const services = await open()

/** Undefined: this version of the app can do nothing here. */
async function open(): Promise<Services | undefined> {
  const slow = setTimeout(show, SLOW_MILLIS, 'slow')
  let isOpening = true
  try {
    const opened = await openKept((isBlocked) => {
      clearTimeout(slow)
      // What happens to an open app is said in it.
      if (!isOpening) return
      if (isBlocked) show('blocked')
      else root.render(<Splash />)
    })
    return { ...opened, update }
  } catch (error) {
    if (!(error instanceof StoreError)) throw error
    // The newer version that was here has brought its files, or they are on their way.
    update.subscribe(update.apply)
    if (update.get() === 'ready') update.apply()
    show('outdated')
    return undefined
  } finally {
    isOpening = false
    clearTimeout(slow)
  }
}

if (services !== undefined) {
  readAhead(services.client)
  void watchOutbox(services.client)
  const shipped = await language
  root.render(
    <StrictMode>
      <App services={services} language={shipped} />
    </StrictMode>,
  )
}
