import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { useDevices } from '../sim/devices/stage.ts'
import { story } from '../sim/devices/story.ts'
import { tell } from '../sim/devices/tell.ts'

const kept = z.strictObject({ why: z.string().min(1), story })
const folder = new URL('./devices/', import.meta.url)

/** Stories of devices with wrong clocks after which somebody saw something else; what a failing run prints goes here. */
const stories = readdirSync(folder).map((name) => ({
  name: name.replace('.json', ''),
  ...kept.parse(JSON.parse(readFileSync(new URL(name, folder), 'utf8'))),
}))

const stage = useDevices()

for (const { name, why, story: told } of stories) {
  test(`${name}, in which ${why}, ends well`, { timeout: 120_000 }, async () => {
    expect((await tell(stage, told)).wrong).toEqual([])
  })
}
