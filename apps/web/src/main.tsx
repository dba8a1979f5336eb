import { openClient } from '@parley/client'
import { indexedDbStorage } from '@parley/client/indexeddb'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import './styles/tokens.css'
import './styles/base.css'
import { App } from './app.tsx'
import { browserPorts } from './platform/ports.ts'
import { watchForUpdate } from './platform/update.ts'

const container = document.getElementById('root')
if (container === null) throw new Error('the page has no #root')

// A new version has replaced the files this page still refers to: only the new page can go on.
window.addEventListener('vite:preloadError', () => location.reload())

const update = watchForUpdate()
const client = await openClient({ ...browserPorts, storage: await indexedDbStorage() })

createRoot(container).render(
  <StrictMode>
    <App services={{ client, update }} />
  </StrictMode>,
)
