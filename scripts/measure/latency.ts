import { Agent, request } from 'node:http'

/** An answer, read to its end. */
export interface Timed {
  readonly status: number
  readonly millis: number
  /** Until the first byte of the body. */
  readonly firstMillis: number
  readonly bytes: number
  readonly text: string
}

/** One connection that stays open, as a browser or a program has it. */
export function createClient(origin: string) {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  return {
    get: (path: string, token: string): Promise<Timed> =>
      new Promise((resolve, reject) => {
        const started = performance.now()
        request(origin + path, { agent, headers: { Authorization: `Bearer ${token}` } }, (response) => {
          const chunks: Buffer[] = []
          let firstMillis = 0
          response.once('data', () => {
            firstMillis = performance.now() - started
          })
          response.on('data', (chunk: Buffer) => chunks.push(chunk))
          response.on('error', reject)
          response.on('end', () => {
            const millis = performance.now() - started
            const body = Buffer.concat(chunks)
            resolve({
              status: response.statusCode ?? 0,
              millis,
              firstMillis,
              bytes: body.length,
              text: body.toString(),
            })
          })
        })
          .on('error', reject)
          .end()
      }),
    close: () => agent.destroy(),
  }
}
