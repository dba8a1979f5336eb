import { writeFile } from 'node:fs/promises'
import { cpus, loadavg } from 'node:os'
import { firstScreenScripts } from './first-screen.ts'
import { measureMemory, measureScrolling, measureStart, measureTyping, type Spread } from './measures.ts'
import { type AppStage, type Sizes, startAppStage } from './stage.ts'

/** What the web app feels like, in a real Chromium with its CPU slowed down. Writes docs/performance.md. */

const SLOWED = 4
/** The first-screen JavaScript and the first paint that the app is held to. */
const SCRIPT_LIMIT = 250_000
const PAINT_MILLIS = 200

interface Plan extends Sizes {
  readonly starts: number
  readonly letters: number
  readonly distance: number
}
const WHOLE: Plan = {
  long: 100_000,
  short: 1000,
  others: 49,
  eachOther: 500,
  starts: 5,
  letters: 120,
  distance: 30_000,
}
const QUICK: Plan = {
  long: 3000,
  short: 300,
  others: 4,
  eachOther: 100,
  starts: 2,
  letters: 20,
  distance: 8000,
}

const say = (line: string): void => void process.stdout.write(`${line}\n`)
const whole = (value: number): string => Math.round(value).toLocaleString('en')
const millis = (value: number): string => value.toFixed(value < 10 ? 1 : 0)
const ratio = (value: number, base: number): string => `${(value / base).toFixed(2)} ×`
const mega = (bytes: number): string => (bytes / 1e6).toFixed(1)
const percent = (share: number): string => `${(share * 100).toFixed(1)} %`

export async function measureApp(isQuick: boolean): Promise<void> {
  const plan = isQuick ? QUICK : WHOLE
  const [began, load] = [new Date(), loadavg()]
  const stage = await startAppStage(plan, say)
  try {
    const parts: string[] = []
    for (const part of [scriptsPart, startPart, typingPart, scrollingPart, memoryPart]) {
      parts.push(await part(stage, plan))
      // Each as it comes: the whole takes minutes.
      say(`\n${parts.at(-1) ?? ''}\n`)
    }
    const text = `${[headOf(began, load, stage), ...parts].join('\n\n')}\n`
    if (isQuick) return
    await writeFile(new URL('../../docs/performance.md', import.meta.url), text)
    say('written to docs/performance.md')
  } finally {
    await stage.end()
  }
}

const headOf = (began: Date, load: readonly number[], { postgresVersion, events, conversations }: AppStage) =>
  `# How fast the web app is

Made by \`npm run bench -- app\`: the app as it is shipped, in headless Chromium at 1280 × 800 with its CPU made ${SLOWED} times slower (where not said otherwise), on a device that holds ${whole(events)} events in ${conversations.others.length + 2} conversations of six people, indexed for search; all is read but the newest few of each conversation. Messages are of a word to a paragraph, with answers, reactions, lists, links and code among them. The server runs on the same machine, on PostgreSQL ${postgresVersion}; the device is offline where that is said.
Node ${process.versions.node}, ${cpus().length} cores for everything (${cpus()[0]?.model.trim() ?? 'unknown'}), no GPU, load ${load.map((each) => each.toFixed(1)).join(', ')} when it began, ${began.toISOString().slice(0, 16).replace('T', ' ')} UTC. Run once. Absolute figures are of this machine; the conversation of a thousand beside the one of a hundred thousand is the measure that means something elsewhere.`

async function scriptsPart(): Promise<string> {
  const { files, gzipBytes } = await firstScreenScripts()
  return `## The first screen's JavaScript

${files} files that the page names, ${whole(gzipBytes)} bytes with gzip; the limit is ${whole(SCRIPT_LIMIT)}. The conversation's own screen comes beside them.`
}

async function startPart(stage: AppStage, { starts, long, short }: Plan): Promise<string> {
  say('starting')
  const rows: string[] = []
  const row = async (words: string, id: string, slowed: number): Promise<void> => {
    const { scripts, list, messages } = await measureStart(stage, `/c/${id}`, slowed, starts)
    rows.push(`| ${words} | ${slowed} × | ${millis(scripts)} | ${millis(list)} | ${millis(messages)} |`)
  }
  const { conversations } = stage
  await row(whole(short), conversations.short, 1)
  await row(whole(long), conversations.long, 1)
  await row(whole(short), conversations.short, SLOWED)
  await row(whole(long), conversations.long, SLOWED)
  await stage.setOffline(true)
  await row(`${whole(long)}, offline`, conversations.long, SLOWED)
  await stage.setOffline(false)
  return `## First paint from the device

A new tab at the address of a conversation, ${starts} times, medians. The app's files come from its service worker; "scripts there" is when the last script that the page names has arrived, counted from the start of the navigation. The other two are counted from that moment until the frame with the first row of the list, and the first message, was on the screen: compiling and running the scripts, opening the database and drawing are all in it. The aim is ${PAINT_MILLIS} ms.

| messages in it | CPU slowed | ms, scripts there | ms more, the list | ms more, the messages |
|---|---:|---:|---:|---:|
${rows.join('\n')}`
}

async function typingPart(stage: AppStage, { letters, long, short }: Plan): Promise<string> {
  say('typing')
  const small = await measureTyping(stage, `/c/${stage.conversations.short}`, SLOWED, letters)
  const large = await measureTyping(stage, `/c/${stage.conversations.long}`, SLOWED, letters)
  const row = (name: string, { count, p50, p95, max }: Spread): string =>
    `| ${name} | ${whole(count)} | ${millis(p50)} | ${millis(p95)} | ${millis(max)} |`
  return `## Typing

Twelve letters a second into the composer, online, typing signs going out; from the key to the frame that shows its letter. A frame of the screen is 16.7 ms, so about that much of it is waiting for the next one.

| messages in the conversation | letters | ms, median | ms, 95 of 100 | ms, longest |
|---|---:|---:|---:|---:|
${row(whole(short), small)}
${row(whole(long), large)}
| ratio | | ${ratio(large.p50, small.p50)} | ${ratio(large.p95, small.p95)} | |`
}

async function scrollingPart(stage: AppStage, { distance, long, short }: Plan): Promise<string> {
  say('scrolling')
  const small = await measureScrolling(stage, `/c/${stage.conversations.short}`, SLOWED, distance)
  const large = await measureScrolling(stage, `/c/${stage.conversations.long}`, SLOWED, distance)
  const row = (name: string, { count, p50, p95, max, above }: Spread): string =>
    `| ${name} | ${whole(count)} | ${millis(p50)} | ${millis(p95)} | ${millis(max)} | ${percent(above(34))} |`
  return `## Scrolling

The wheel, ${whole(distance)} pixels up through the history at 3,000 a second, older pages coming from the device as they are reached; the time between frames as the page itself gets them. The aim is 60 frames a second, 16.7 ms.

| messages in the conversation | frames | ms, median | ms, 95 of 100 | ms, longest | over two frames |
|---|---:|---:|---:|---:|---:|
${row(whole(short), small)}
${row(whole(long), large)}
| ratio | | ${ratio(large.p50, small.p50)} | ${ratio(large.p95, small.p95)} | | |`
}

async function memoryPart(stage: AppStage): Promise<string> {
  say('memory')
  const { long, short, others } = stage.conversations
  const opened = [short, long, ...others].slice(0, 50)
  const memories = await measureMemory(stage, opened)
  const counts = [1, Math.min(10, opened.length), opened.length]
  const rows = memories.map(
    ({ heapBytes, nodes, listeners }, index) =>
      `| ${whole(counts[index] ?? opened.length)} | ${mega(heapBytes)} | ${whole(nodes)} | ${whole(listeners)} |`,
  )
  return `## Memory

Conversations opened one after the other in one tab; live memory of the page's JavaScript after a collection, and what the document holds.

| opened | MB of JavaScript heap | nodes | listeners |
|---:|---:|---:|---:|
${rows.join('\n')}`
}
