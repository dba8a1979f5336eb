import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import './styles/tokens.css'
import './styles/base.css'
import { App } from './app.tsx'
import { watchOutbox } from './platform/background-sync.ts'
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

const root = createRoot(container)
root.render(<Splash />)

const update = watchForUpdate()
const opened = await openKept()
void watchOutbox(opened.client)

root.render(
  <StrictMode>
    <App services={{ ...opened, update }} />
  </StrictMode>,
)
