import type { BrowserContext, CDPSession } from 'playwright'

/** What the browser does behind closed windows. */
export interface Background {
  /** Wakes the service worker of this origin as a network that has come back does. */
  sync(origin: string, tag: string): Promise<void>
  /** Gives it what a push service has brought, decrypted. */
  push(origin: string, data: string): Promise<void>
}

/** Needs a window, which may be an empty one. */
export async function openBackground(device: BrowserContext): Promise<Background> {
  const page = await device.newPage()
  const devtools: CDPSession = await device.newCDPSession(page)
  const registrations = new Map<string, string>()
  devtools.on('ServiceWorker.workerRegistrationUpdated', ({ registrations: updated }) => {
    for (const { registrationId, scopeURL, isDeleted } of updated) {
      if (isDeleted) registrations.delete(scopeURL)
      else registrations.set(scopeURL, registrationId)
    }
  })
  await devtools.send('ServiceWorker.enable')
  const idOf = async (origin: string): Promise<string> => {
    const scope = `${origin}/`
    for (;;) {
      const id = registrations.get(scope)
      if (id !== undefined) return id
      await new Promise((resolve) => devtools.once('ServiceWorker.workerRegistrationUpdated', resolve))
    }
  }
  return {
    push: async (origin, data) => {
      await devtools.send('ServiceWorker.deliverPushMessage', {
        origin,
        registrationId: await idOf(origin),
        data,
      })
    },
    sync: async (origin, tag) => {
      const registrationId = await idOf(origin)
      await devtools.send('ServiceWorker.dispatchSyncEvent', {
        origin,
        registrationId,
        tag,
        lastChance: false,
      })
    },
  }
}
