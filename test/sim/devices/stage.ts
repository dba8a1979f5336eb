import pg from 'pg'
import { afterAll, beforeAll } from 'vitest'
import { startTestServer, type TestServer } from '../../kit/server.ts'
import type { Stage } from './tell.ts'
import { startThread } from './thread.ts'

/** As many devices as a story may have. */
const DEVICES = 5

/** One server and the threads of the devices for the stories of a file; each story brings its own people. */
export function useDevices(): Stage {
  let server: TestServer | undefined
  let stage: Stage | undefined
  beforeAll(async () => {
    server = await startTestServer()
    const pool = new pg.Pool({ connectionString: server.databaseUrl })
    const threads = await Promise.all(Array.from({ length: DEVICES }, startThread))
    stage = { url: server.url, pool, threads }
  })
  afterAll(async () => {
    await Promise.all(stage?.threads.map((thread) => thread.end()) ?? [])
    await stage?.pool.end()
    await server?.close()
  })
  const get = (): Stage => {
    if (stage === undefined) throw new Error('the devices are there from beforeAll on')
    return stage
  }
  return {
    get url() {
      return get().url
    },
    get pool() {
      return get().pool
    },
    get threads() {
      return get().threads
    },
  }
}
