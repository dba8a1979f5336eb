import type { Page } from 'playwright'
import { expect, test } from 'vitest'
import { crash, type Person, useStage } from '../kit/browser.ts'
import { type Random, random } from '../kit/random.ts'
import { box, group, inboxRow, logged, message, see, texts } from '../kit/screen.ts'

const stage = useStage()

/** How many windows die; many, when asked for. */
const KILLS = Number(process.env['KILLS'] ?? 5)
const SEED = Number(process.env['SEED'] ?? 1)
/** From the key press to the answer it takes about so long on a machine that does other things too. */
const MOMENT_MILLIS = 150

/** From the key press to the socket it takes no longer. */
const SHORT_MOMENT_MILLIS = 25

/** A moment that nobody has chosen; half of them while the key press is still on its way through the window. */
const anyMoment = (rng: Random): Promise<void> =>
  new Promise((resolve) =>
    setTimeout(resolve, rng.below(rng.chance(0.5) ? SHORT_MOMENT_MILLIS : MOMENT_MILLIS)),
  )

/**
 * How far a message can come before its window dies: all the way; to the disk and no further, because there is no
 * network; or into the socket, whose other end does not answer.
 */
const REACHES = ['any', 'disk', 'socket'] as const
type Reach = (typeof REACHES)[number]

/** Holds up what lies beyond; the answer lets it go on. */
async function holdUp(ana: Person, reach: Reach): Promise<() => Promise<void>> {
  if (reach === 'disk') {
    await ana.device.setOffline(true)
    return () => ana.device.setOffline(false)
  }
  if (reach === 'any') return () => Promise.resolve()
  const { pid } = stage.server
  process.kill(pid, 'SIGSTOP')
  return async () => {
    process.kill(pid, 'SIGCONT')
    await Promise.resolve()
  }
}

async function die(page: Page, rng: Random): Promise<void> {
  if (rng.chance(0.5)) await crash(page)
  await page.close()
}

/** Presses Enter and, at any moment from then on, ends the window: before the key does anything, or after all is done. */
async function sendAndDie(page: Page, rng: Random): Promise<void> {
  const pressed = box(page)
    .press('Enter')
    .catch(() => 'the window was gone before the key came back up')
  await anyMoment(rng)
  await die(page, rng)
  await pressed
}

type Place = 'sent' | 'in the box'

/** Where a text is in a window from now on: in one place, whatever comes of it. */
async function placeOf(page: Page, text: string): Promise<Place> {
  const seen: string[] = []
  const look = async (): Promise<boolean> => {
    const isSent = (await message(page, text).count()) === 1
    const isInBox = (await box(page).inputValue()) === text
    seen.push(isSent === isInBox ? 'neither or both' : isSent ? 'sent' : 'in the box')
    const [last] = seen.slice(-1)
    return last !== 'neither or both' && seen.length >= 4 && seen.slice(-4).every((each) => each === last)
  }
  await see.poll(look, { intervals: [150] }).toBe(true)
  return seen.at(-1) as Place
}

test(
  `[C1][N1] a window that dies at any moment after the key press loses nothing and says nothing twice, ${KILLS} times`,
  { timeout: 60_000 + KILLS * 20_000 },
  async () => {
    const rng = random(SEED)
    const [ana, ben] = await Promise.all([stage.person('Ana'), stage.person('Ben')])
    const conversation = await group(ana, 'Brittle', ben)
    const open = async (): Promise<Page> => {
      const page = await ana.open(`/c/${conversation}`)
      await see(box(page)).toBeVisible()
      return page
    }
    const his = await ben.open(`/c/${conversation}`)
    const phone = await (await stage.again(ana)).open('/')
    const said: string[] = []
    const counts = new Map<string, number>()
    let old: Page | undefined
    for (let kill = 1; kill <= KILLS; kill += 1) {
      const how = rng.pick(['alone', 'leads', 'follows'] as const)
      if (how === 'alone') {
        await old?.close()
        old = undefined
      } else old ??= await open()
      const fresh = await open()
      const [dying, living] = how === 'leads' && old !== undefined ? [old, fresh] : [fresh, old]
      const text = `message ${kill}`
      await box(dying).fill(text)
      // From now on it must not be lost: the server has it too, as what is being written.
      await see(inboxRow(phone, 'Brittle')).toContainText(`Draft: ${text}`)
      const reach = rng.pick(REACHES)
      const goOn = await holdUp(ana, reach)
      await sendAndDie(dying, rng)
      await goOn()

      const next = living ?? (await open())
      const place = await placeOf(next, text)
      const outcome = `${reach}: ${place}`
      counts.set(outcome, (counts.get(outcome) ?? 0) + 1)
      if (place === 'in the box') await box(next).press('Enter')
      said.push(text)
      await see.poll(() => logged(ana, conversation)).toEqual(said)
      await see.poll(async () => (await texts(his)).slice(-10)).toEqual(said.slice(-10))
      old = next
    }
    expect(said).toHaveLength(KILLS)
    process.stderr.write(`${KILLS} windows died: ${JSON.stringify(Object.fromEntries(counts))}\n`)
    // Kept on the disk and nowhere else, and sent without an answer: many deaths without these would show little.
    if (KILLS >= 30)
      expect([...counts.keys()]).toEqual(expect.arrayContaining(['disk: sent', 'socket: sent']))
  },
)
