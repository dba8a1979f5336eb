import type { CDPSession, Page } from 'playwright'

interface Point {
  readonly x: number
  readonly y: number
}

/** From now on the page is that of a phone, and is touched. */
export async function asPhone(page: Page): Promise<CDPSession> {
  const devtools = await page.context().newCDPSession(page)
  const phone = { width: 390, height: 844, deviceScaleFactor: 1, mobile: true }
  await devtools.send('Emulation.setDeviceMetricsOverride', phone)
  await devtools.send('Emulation.setTouchEmulationEnabled', { enabled: true })
  return devtools
}

/** A finger that is put down, drawn to another place, and lifted there. */
export async function sweep(devtools: CDPSession, from: Point, to: Point): Promise<void> {
  await devtools.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [from] })
  for (const part of [0.25, 0.5, 0.75, 1]) {
    const at = { x: from.x + (to.x - from.x) * part, y: from.y + (to.y - from.y) * part }
    await devtools.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints: [at] })
  }
  await devtools.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] })
}
