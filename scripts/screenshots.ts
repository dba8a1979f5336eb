import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import pg from 'pg'
import { COMPARED, keepBaseline } from '../test/visual/baselines.ts'
import { SHOTS } from '../test/visual/shots.ts'
import { isShown, keepShown, SHOWN_SCALE } from '../test/visual/shown.ts'
import {
  type IsRight,
  keep,
  type Look,
  LOOKS,
  openBrowser,
  openStudio,
  type Shot,
} from '../test/visual/studio.ts'
import { serveWorld, startPostgres } from '../test/visual/world/serve.ts'
import { buildWebIfStale } from './web-build.ts'

/**
 * `npm run screenshots`: pictures of every screen and state of the app, as it is in the working tree, in light, dark,
 * on a phone and from right to left. `-- --only main,group` takes those whose names have that in them, `--look dark`
 * one look, `--out <folder>` puts them elsewhere than in `.cache/screenshots`. Which there are: test/visual/shots.ts.
 *
 * `-- --update-baselines` takes those that test/visual compares, and puts them where it looks: see them before
 * they are committed. `-- --update-guide` takes those that the README and the guide show, for docs/pictures.
 */
const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    look: { type: 'string' },
    'update-baselines': { type: 'boolean', default: false },
    'update-guide': { type: 'boolean', default: false },
    out: { type: 'string', default: fileURLToPath(new URL('../.cache/screenshots', import.meta.url)) },
  },
})
const asked = (text: string | undefined): readonly string[] => text?.split(',') ?? ['']

/** What the pictures are for says which there are, and what else becomes of them. */
interface Purpose {
  readonly isWanted: (shot: Shot, look: Look) => boolean
  readonly hasEmoji: boolean
  readonly scale: number
  readonly isRight?: () => IsRight
  readonly keep?: (look: Look, shot: Shot, picture: Buffer) => Promise<void>
}

const toLookAt: Purpose = {
  isWanted: ({ looks }, look) => looks?.includes(look) ?? true,
  hasEmoji: true,
  scale: 1,
}
const toCompare: Purpose = {
  isWanted: (shot) => COMPARED.includes(shot),
  hasEmoji: false,
  scale: 1,
  isRight: unchanged,
  keep: keepBaseline,
}
const toShow: Purpose = {
  isWanted: isShown,
  hasEmoji: true,
  scale: SHOWN_SCALE,
  isRight: unchanged,
  keep: keepShown,
}
const purpose = values['update-baselines'] ? toCompare : values['update-guide'] ? toShow : toLookAt

const shots = SHOTS.filter(({ name }) => asked(values.only).some((part) => name.includes(part)))
const looks = LOOKS.filter((look) => asked(values.look).some((part) => look.includes(part)))
if (shots.length === 0 || looks.length === 0) {
  const names = SHOTS.map(({ name }) => name).join(', ')
  throw new Error(`there is nothing of that name; the shots are ${names}; the looks are ${LOOKS.join(', ')}`)
}

const started = performance.now()
await buildWebIfStale()
const postgres = await startPostgres()
const browser = await openBrowser()
const missed: string[] = []
let made = 0
try {
  for (const look of looks) await photograph(look)
} finally {
  await browser.close()
  await postgres.stop()
}
const seconds = ((performance.now() - started) / 1000).toFixed(0)
process.stdout.write(`${made} pictures in ${values.out}, in ${seconds} s\n`)
for (const what of missed) process.stdout.write(`NOT MADE: ${what}\n`)
process.exitCode = missed.length > 0 ? 1 : 0

/** A world for each look: what is read in one is new in the next. */
async function photograph(look: Look): Promise<void> {
  const wanted = shots.filter((shot) => purpose.isWanted(shot, look))
  if (wanted.length === 0) return
  const world = await serveWorld(await emptyDatabase(postgres.url), purpose)
  const studio = openStudio(browser, world, look, purpose.scale)
  try {
    for (const shot of wanted) {
      try {
        const picture = await studio.take(shot, purpose.isRight?.())
        await purpose.keep?.(look, shot, picture)
        await keep(values.out, look, shot.name, picture)
        made += 1
      } catch (error) {
        const [why] = (error instanceof Error ? error.message : String(error)).split('\n')
        missed.push(`${join(look, shot.name)}: ${why}`)
      }
    }
  } finally {
    await studio.close()
    await world.close()
  }
}

/** What comes late has to be in a picture that others are compared with. */
function unchanged(): IsRight {
  let last: Buffer | undefined
  let times = 0
  return (picture) => {
    times = last?.equals(picture) === true ? times + 1 : 0
    last = picture
    return Promise.resolve(times >= 4)
  }
}

async function emptyDatabase(server: string): Promise<string> {
  const url = new URL(server)
  const name = `pictures_${randomBytes(4).toString('hex')}`
  const client = new pg.Client({ connectionString: server })
  await client.connect()
  try {
    await client.query(
      `CREATE DATABASE ${name} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'`,
    )
  } finally {
    await client.end()
  }
  url.pathname = `/${name}`
  return url.href
}
