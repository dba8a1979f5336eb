import type { Page } from 'playwright'
import { expect, test } from 'vitest'
import { crash, useStage } from '../kit/browser.ts'
import { type Random, random } from '../kit/random.ts'
import { box, group, inboxRow, logged, message, see, texts } from '../kit/screen.ts'

const stage = useStage()

/** How many windows die; many, when asked for. */
const KILLS = Number(process.env['KILLS'] ?? 6)
const SEED = Number(process.env['SEED'] ?? 1)
/** From the key press to the answer it takes about so long on a machine that does other things too. */
const MOMENT_MILLIS = 150

/** A moment that nobody has chosen. */
const anyMoment = (rng: Random): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, rng.below(MOMENT_MILLIS)))

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
    const counts: Record<Place, number> = { sent: 0, 'in the box': 0 }
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
      await sendAndDie(dying, rng)

      const next = living ?? (await open())
      const place = await placeOf(next, text)
      counts[place] += 1
      if (place === 'in the box') await box(next).press('Enter')
      said.push(text)
      await see.poll(() => logged(ana, conversation)).toEqual(said)
      await see.poll(async () => (await texts(his)).slice(-10)).toEqual(said.slice(-10))
      old = next
    }
    expect(said).toHaveLength(KILLS)
    process.stderr.write(`${KILLS} windows died: ${JSON.stringify(counts)}\n`)
  },
)
