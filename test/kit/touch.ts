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

/**
 * A finger that is put down, drawn to another place, and lifted there. All of it is on its way before the page answers
 * any: a finger that has to wait for a busy machine rests, and what rests asks for something else.
 */
export async function sweep(devtools: CDPSession, from: Point, to: Point): Promise<void> {
  const moves = [0.25, 0.5, 0.75, 1].map((part) => ({
    x: from.x + (to.x - from.x) * part,
    y: from.y + (to.y - from.y) * part,
  }))
  await Promise.all([
    devtools.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [from] }),
    ...moves.map((at) => devtools.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints: [at] })),
    devtools.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] }),
  ])
}
