import { Agent, get } from 'node:http'
import { rest } from '@parley/protocol'

const PAGE = 1000

/**
 * Reads a conversation's log from its beginning through `GET …/events`, page after page on one
 * connection, as long as `see` wants more. Answers the bytes received, headers included.
 */
export async function readPages(
  url: string,
  token: string,
  conversation: string,
  see: (body: Buffer) => boolean,
): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  let after = 0
  let bytes = 0
  try {
    for (;;) {
      const path = `/api/conversations/${conversation}/events?after=${after}&limit=${PAGE}`
      const page = await read(new URL(path, url), token, agent)
      bytes += page.bytes
      if (!see(page.body)) return bytes
      const { events } = rest.eventPage.parse(JSON.parse(page.body.toString('utf8')))
      const last = events.at(-1)
      if (last === undefined) return bytes
      after = last.seq
    }
  } finally {
    agent.destroy()
  }
}

function read(url: URL, token: string, agent: Agent): Promise<{ body: Buffer; bytes: number }> {
  const { promise, resolve, reject } = Promise.withResolvers<{ body: Buffer; bytes: number }>()
  get(url, { agent, headers: { authorization: `Bearer ${token}` } }, (response) => {
    const chunks: Buffer[] = []
    const headBytes = response.rawHeaders.reduce((sum, part) => sum + part.length + 2, 0)
    response.on('data', (chunk: Buffer) => chunks.push(chunk))
    response.on('error', reject)
    response.on('end', () => {
      const body = Buffer.concat(chunks)
      if (response.statusCode !== 200)
        return reject(new Error(`${response.statusCode}: ${body.toString('utf8')}`))
      resolve({ body, bytes: body.length + headBytes })
    })
  }).on('error', reject)
  return promise
}
