import type { CDPSession, Page } from 'playwright'
import { expect } from 'playwright/test'
import { median, percentile } from '../statistics.ts'
import type { Probe } from './probe.ts'
import type { AppStage } from './stage.ts'

/** The measures themselves; every one is taken from the app as a person has it before them. */

const inPage = <T>(page: Page, look: (probe: Probe) => T): Promise<T> =>
  page.evaluate(`(${look.toString()})(globalThis.probe)`) as Promise<T>

const becomes = (page: Page, look: (probe: Probe) => number, atLeast: number): Promise<void> =>
  expect.poll(() => inPage(page, look), { timeout: 60_000 }).toBeGreaterThanOrEqual(atLeast)

export interface Start {
  /** From the start of the navigation, in milliseconds. */
  readonly scripts: number
  readonly list: number
  readonly messages: number
}

/** Opens a conversation in a new tab again and again; medians. */
export async function measureStart(
  stage: AppStage,
  path: string,
  slowed: number,
  times: number,
): Promise<Start> {
  const starts: Start[] = []
  for (let time = 0; time < times; time += 1) {
    const { page } = await stage.open(path, slowed)
    await becomes(page, ({ painted }) => Object.keys(painted).length, 2)
    const { list, messages, scripts } = await inPage(page, ({ painted, scriptsAt }) => ({
      list: painted.list ?? NaN,
      messages: painted.messages ?? NaN,
      scripts: scriptsAt(),
    }))
    starts.push({ scripts, list, messages })
    await page.close()
  }
  const middle = (of: (start: Start) => number): number => median(starts.map(of))
  return {
    scripts: middle(({ scripts }) => scripts),
    list: middle(({ list, scripts }) => list - scripts),
    messages: middle(({ messages, scripts }) => messages - scripts),
  }
}

export interface Spread {
  readonly count: number
  readonly p50: number
  readonly p95: number
  readonly max: number
  /** The share above this many milliseconds. */
  readonly above: (millis: number) => number
}

const spreadOf = (values: readonly number[]): Spread => ({
  count: values.length,
  p50: percentile(values, 0.5),
  p95: percentile(values, 0.95),
  max: Math.max(...values),
  above: (millis) => values.filter((value) => value > millis).length / values.length,
})

const WORDS =
  'We are past the headland now and everything is calm, the kettle is on and the log is written up. '

/** Types at 12 letters a second into the composer; from each key to the frame that shows it. */
export async function measureTyping(
  stage: AppStage,
  path: string,
  slowed: number,
  letters: number,
): Promise<Spread> {
  const { page } = await stage.open(path, slowed)
  const box = page.getByRole('textbox', { name: 'Message', exact: true })
  await page.getByRole('article').first().waitFor()
  await box.click()
  // What starting leaves to do is not typing's: the first letters are not counted.
  await page.keyboard.type(WORDS.slice(0, 24), { delay: 80 })
  await inPage(page, ({ watchKeys }) => watchKeys())
  await page.keyboard.type(WORDS.repeat(Math.ceil(letters / WORDS.length)).slice(0, letters), { delay: 80 })
  await becomes(page, (probe) => probe.keys().length, letters)
  const keys = await inPage(page, (probe) => probe.keys())
  // Not a draft for the next measure.
  await box.fill('')
  await page.close()
  return spreadOf(keys)
}

/** Wheels up through the history; each frame while it moves. */
export async function measureScrolling(
  stage: AppStage,
  path: string,
  slowed: number,
  distance: number,
): Promise<Spread> {
  const { page, debug } = await stage.open(path, slowed)
  await page.getByRole('article').first().waitFor()
  const box = await page.getByRole('log').boundingBox()
  if (box === null) throw new Error('no timeline on the screen')
  // The list is taller than the window: somewhere in the middle of what is in sight.
  const at = { x: Math.round(box.x + box.width / 2), y: (page.viewportSize()?.height ?? 0) / 2 }
  const scroll = (yDistance: number) =>
    debug.send('Input.synthesizeScrollGesture', {
      ...at,
      yDistance,
      speed: SCROLL_SPEED,
      gestureSourceType: 'mouse',
      preventFling: true,
    })
  await scroll(2000)
  const before = await inPage(page, (probe) => probe.rowInSight())
  await inPage(page, ({ watchFrames }) => watchFrames())
  await scroll(distance)
  const frames = await inPage(page, (probe) => probe.frames())
  const passed = (await inPage(page, (probe) => probe.rowsSeen())) - 1
  const after = await inPage(page, (probe) => probe.rowInSight())
  if (before === after || passed < distance / TALLEST_ROW) throw new Error(`only ${passed} rows have passed`)
  await page.close()
  return spreadOf(frames)
}
/** On the whole; a list that stands still at its end would be the fastest. */
const TALLEST_ROW = 400
/** Pixels a second: a quick hand on the wheel. */
const SCROLL_SPEED = 3000

export interface Memory {
  readonly heapBytes: number
  readonly nodes: number
  readonly listeners: number
}

/** What the page holds after so many conversations were opened one after the other, by clicking in the list. */
export async function measureMemory(stage: AppStage, opened: readonly string[]): Promise<readonly Memory[]> {
  const { page, debug } = await stage.open(`/c/${opened[0] ?? ''}`, 1)
  await debug.send('Performance.enable')
  await page.getByRole('article').first().waitFor()
  const memories = [await memoryOf(debug)]
  for (const [index, id] of opened.slice(1).entries()) {
    await page.locator(`nav a[href="/c/${id}"]`).click()
    await page.waitForURL(`**/c/${id}`)
    await page.getByRole('article').first().waitFor()
    if (index === 8) memories.push(await memoryOf(debug))
  }
  memories.push(await memoryOf(debug))
  await page.close()
  return memories
}

async function memoryOf(debug: CDPSession): Promise<Memory> {
  // What the first collection lets go of the second one takes away.
  await debug.send('HeapProfiler.collectGarbage')
  await debug.send('HeapProfiler.collectGarbage')
  const { usedSize } = await debug.send('Runtime.getHeapUsage')
  const { metrics } = await debug.send('Performance.getMetrics')
  const of = (wanted: string): number => metrics.find(({ name }) => name === wanted)?.value ?? NaN
  return { heapBytes: usedSize, nodes: of('Nodes'), listeners: of('JSEventListeners') }
}
