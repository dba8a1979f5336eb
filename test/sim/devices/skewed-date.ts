/**
 * Makes this thread's clock go wrong. Imported before anything that reads the time: ids have the time in them, and
 * libraries keep `Date.now` as they found it.
 */
const Real = Date
let skewMillis = 0
const now = (): number => Math.round(Real.now() + skewMillis)

globalThis.Date = new Proxy(Real, {
  construct: (target, values: unknown[]) =>
    Reflect.construct(target, values.length === 0 ? [now()] : values) as object,
  get: (target, key) => (key === 'now' ? now : (Reflect.get(target, key) as unknown)),
})

/** From now on the clock of this thread is so much ahead of the machine's. */
export function skewClock(millis: number): void {
  skewMillis = millis
}
