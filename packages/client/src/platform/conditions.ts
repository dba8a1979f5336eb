import { type Observable, source } from '../observable.ts'
import type { Conditions } from '../ports.ts'

/** Below this part of its charge, and not being charged, a battery is low. */
const LOW = 0.2

/** https://wicg.github.io/netinfo/: in Chromium alone. */
interface Connection extends EventTarget {
  readonly type?: string
  readonly saveData?: boolean
}

/** https://w3c.github.io/battery/: in Chromium, and only over TLS. */
interface Battery extends EventTarget {
  readonly charging: boolean
  readonly level: number
}

/** What browsers tell beside what the types of the DOM know; all of it may be missing. */
interface Device {
  readonly connection?: Connection
  getBattery?(): Promise<Battery>
}

/** What the browser says of its connection and battery; where it says nothing, nothing speaks against fetching. */
export function browserConditions(device: Device = navigator as Device): Observable<Conditions> {
  const { connection } = device
  let battery: Battery | undefined
  const now = (): Conditions => ({
    isMetered: connection?.saveData === true || connection?.type === 'cellular',
    isBatteryLow: battery !== undefined && !battery.charging && battery.level <= LOW,
  })
  const conditions = source(now())
  const look = () => {
    const [before, next] = [conditions.get(), now()]
    if (before.isMetered !== next.isMetered || before.isBatteryLow !== next.isBatteryLow) conditions.set(next)
  }
  connection?.addEventListener('change', look)
  device.getBattery?.().then(
    (found) => {
      battery = found
      for (const event of ['levelchange', 'chargingchange']) found.addEventListener(event, look)
      look()
    },
    // A browser that does not let the page ask is like one without a battery.
    () => undefined,
  )
  return conditions
}
