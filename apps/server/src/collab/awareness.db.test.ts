import {
  conversationDocument,
  type ConversationId,
  newId,
  QUIET_PRESENCE_CONNECTIONS,
  type UserId,
} from '@parley/protocol'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { useDatabase } from '../../../../test/kit/database.ts'
import { addPeople, createGroup } from '../../../../test/kit/people.ts'
import { RawPeer } from '../../../../test/kit/raw-peer.ts'
import { connectDevice, startSyncServer, type SyncServer } from '../../../../test/kit/sync-server.ts'

const db = useDatabase()
let server: SyncServer
const closing: { close(): void }[] = []

beforeAll(async () => {
  server = await startSyncServer(db)
})
afterAll(async () => {
  for (const each of closing) each.close()
  await server.close()
})

/** A group of two, and what one device shows of itself there, as the other sees it. */
async function pair() {
  const [ana, ben] = (await addPeople(db.pool, 2)) as [UserId, UserId]
  const group = newId<ConversationId>()
  await server.core.handler.handle(ana, [createGroup(group, [ben])])
  const connect = async (user: UserId) => {
    const { token } = await server.auth.tokens.create(user, 'test')
    const device = connectDevice(server.url, user, token)
    closing.push(device)
    const opened = device.conversation(group)
    await opened.until(() => opened.provider.isSynced)
    return { ...opened, token }
  }
  const [mine, theirs] = [await connect(ana), await connect(ben)]
  const seen = (): unknown => theirs.provider.awareness?.getStates().get(mine.doc.clientID)
  return {
    group,
    mine,
    token: theirs.token,
    user: { id: ana, name: 'Person' },
    say: (state: object) => mine.provider.awareness?.setLocalState(state),
    seen,
    isSeen: (state: object | undefined) =>
      theirs.until(() => JSON.stringify(seen()) === JSON.stringify(state)),
  }
}

test('[S3] a device that comes back under the same client id speaks for itself as before', async () => {
  const { mine, user, say, isSeen } = await pair()
  const { websocketProvider } = mine.provider.configuration
  for (const typing of [true, false]) {
    say({ typing })
    await isSeen({ user, typing })
  }
  websocketProvider.disconnect()
  await isSeen(undefined)
  void websocketProvider.connect()
  for (const typing of [true, false, true]) {
    say({ typing })
    await isSeen({ user, typing })
  }
  websocketProvider.disconnect()
  await isSeen(undefined)
})

test('with two hundred connections open everybody sees who looks at a conversation; with more, only who is typing', async () => {
  const { group, token, user, say, seen, isSeen } = await pair()
  const join = async (): Promise<RawPeer> => {
    const peer = await RawPeer.connect(server.url.replace('/sync', ''))
    closing.push(peer)
    expect(await peer.open(conversationDocument(group), token)).toMatchObject({ granted: true })
    return peer
  }

  for (let n = 2; n < QUIET_PRESENCE_CONNECTIONS; n += 1) await join()
  say({ active: true })
  await isSeen({ user, active: true })
  const last = await join()
  // What was seen before goes with the next word of the one it is of.
  say({ active: true })
  await isSeen(undefined)
  say({ active: true, typing: true })
  await isSeen({ user, typing: true })
  say({ active: true, typing: false })
  await isSeen(undefined)
  last.close()
  await expect
    .poll(
      async () => {
        say({ active: true })
        return seen()
      },
      { timeout: 20_000 },
    )
    .toEqual({ user, active: true })
})
