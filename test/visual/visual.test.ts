import type { Browser } from 'playwright'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../kit/database.ts'
import { baselineOf, COMPARED } from './baselines.ts'
import { LOOKS, openBrowser, openStudio, type Studio } from './studio.ts'
import { type ServedWorld, serveWorld } from './world/serve.ts'

// A screen that is meant to look different: look at what was seen, then `npm run screenshots -- --update-baselines`.

let browser: Browser
beforeAll(async () => {
  browser = await openBrowser()
})
afterAll(() => browser.close())

describe.each(LOOKS)('%s', (look) => {
  let database: TestDatabase
  let world: ServedWorld
  let studio: Studio
  beforeAll(async () => {
    database = await createTestDatabase()
    world = await serveWorld(database.url, { hasEmoji: false })
    studio = openStudio(browser, world, look)
  })
  afterAll(async () => {
    await studio.close()
    await world.close()
    await database.drop()
  })

  test.each(COMPARED.map((shot) => [shot.name, shot] as const))(
    '%s looks as it did when somebody last looked at it',
    async (_, shot) => {
      const baseline = await baselineOf(look, shot)
      const picture = await studio.take(shot, baseline.isRight)
      expect(await baseline.difference(picture)).toBeUndefined()
    },
  )
})
