import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import S3rver from '@20minutes/s3rver'
import type { S3Settings } from '../../apps/server/src/attachments/s3-store.ts'
import { freePort } from './server-process.ts'

export interface TestS3 {
  readonly settings: S3Settings
  /** The names of everything in the bucket. */
  names(): Promise<string[]>
  /** Goes away, as a machine does that is restarted; what it keeps stays. */
  stop(): Promise<void>
  /** Comes back at the same address. */
  start(): Promise<void>
  close(): Promise<void>
}

const BUCKET = 'parley'
const SUFFIX = '._S3rver_object'

/** An S3-compatible server that checks signatures, with an empty bucket. */
export async function startS3(): Promise<TestS3> {
  const directory = await mkdtemp(join(tmpdir(), 'parley-test-s3-'))
  const port = await freePort()
  let running: S3rver | undefined
  const start = async (): Promise<void> => {
    running = new S3rver({
      address: '127.0.0.1',
      port,
      silent: true,
      directory,
      vhostBuckets: false,
      // It cannot be told to make one: it takes no signature of such a request.
      configureBuckets: [{ name: BUCKET }],
    })
    await running.run()
  }
  const stop = async (): Promise<void> => {
    const closed = running?.close()
    running?.httpServer.closeAllConnections()
    running = undefined
    await closed
  }
  await start()
  return {
    settings: {
      endpoint: `http://127.0.0.1:${port}`,
      bucket: BUCKET,
      region: 'us-east-1',
      accessKeyId: 'S3RVER',
      secretAccessKey: 'S3RVER',
    },
    async names() {
      const files = await readdir(join(directory, BUCKET), { recursive: true })
      return files.filter((name) => name.endsWith(SUFFIX)).map((name) => name.slice(0, -SUFFIX.length))
    },
    start,
    stop,
    async close() {
      await stop()
      await rm(directory, { recursive: true, force: true })
    },
  }
}
