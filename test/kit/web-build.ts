import { buildWebIfStale } from '../../scripts/web-build.ts'

/** The browser is to see the app as it is now, also when a test is run by hand. */
export default async function setup(): Promise<void> {
  await buildWebIfStale()
}
