import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { type WebSocket, WebSocketServer } from 'ws'
import { Load } from './load.ts'
import type { LoadPlan } from './plan.ts'

const CONVERSATION = 'c1'
const COUNT = 5
const servers: WebSocketServer[] = []

afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})

/** A server of the floor's frames that passes message n on as often as `copies` says. */
async function floor(copies: (number: number) => number): Promise<string> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  servers.push(server)
  await once(server, 'listening')
  const members = new Set<WebSocket>()
  let said = 0
  server.on('connection', (socket) => {
    members.add(socket)
    socket.on('message', (data) => {
      const message = JSON.parse((data as Buffer).toString('utf8')) as { type: string; text: string }
      if (message.type === 'open') return socket.send(JSON.stringify({ type: 'opened' }))
      const event = JSON.stringify({ type: 'message', text: message.text })
      for (let copy = 0; copy < copies(said); copy += 1) {
        for (const member of members) if (member !== socket) member.send(event)
      }
      said += 1
      return socket.send(JSON.stringify({ type: 'ack' }))
    })
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const plan = (url: string): LoadPlan => ({
  dialect: 'floor',
  url,
  devices: [
    { user: 'ana', token: '', conversations: [CONVERSATION], sender: 0, hears: [] },
    { user: 'ben', token: '', conversations: [CONVERSATION], hears: [0] },
  ],
})

async function talk(copies: (number: number) => number): Promise<Awaited<ReturnType<Load['settle']>>> {
  const load = new Load(200)
  await load.connect(plan(await floor(copies)))
  load.measure()
  load.speak({ pace: 'one at a time', count: COUNT })
  const measured = await load.settle({ 0: COUNT })
  load.hush()
  load.disconnect()
  return measured
}

describe('what a load process counts', () => {
  test('every message once at every member is a measurement', async () => {
    expect(await talk(() => 1)).toMatchObject({ faults: [], acknowledged: COUNT, deliveries: COUNT })
  })

  test('a doubled message is a fault, not a delivery', async () => {
    const { faults } = await talk((number) => (number === 2 ? 2 : 1))
    expect(faults).toEqual(['ben heard message 2 of sender 0 instead of 3'])
  })

  test('a lost message is a fault', async () => {
    const { faults } = await talk((number) => (number === COUNT - 1 ? 0 : 1))
    expect(faults).toEqual(['ben has 4 of 5 messages of sender 0'])
  })
})
