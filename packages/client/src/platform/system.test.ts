import { once } from 'node:events'
import { createServer } from 'node:http'
import { expect, test } from 'vitest'
import { systemFetch } from './system.ts'

test('a call that is given up leaves no connection behind', async () => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('a port expected')
  let giveUp: () => void = () => undefined
  const asked = systemFetch(`http://127.0.0.1:${address.port}/`, {
    method: 'GET',
    headers: {},
    credentials: 'include',
    onGivenUp: (run) => (giveUp = run),
  })
  const refused = expect(asked).rejects.toMatchObject({ name: 'AbortError' })
  const [, answer] = await once(server, 'request')
  const gone = once(answer, 'close')
  giveUp()
  await refused
  await gone
  server.close()
})
