import { createServer } from 'node:http'
import pg from 'pg'
import { type WebSocket, WebSocketServer } from 'ws'

/**
 * The floor: the least a server can do that says a message only after it is committed. It numbers
 * and inserts each message, then broadcasts it to the members and acknowledges it to the sender.
 * Group commit: while one statement is in flight the next messages gather, and go together into
 * the next one. No accounts, no rights, no offline, no schema but this.
 */
interface Send {
  readonly type: 'send'
  readonly id: string
  readonly conversation: string
  readonly text: string
}
type Request =
  | Send
  | {
      readonly type: 'open'
      readonly user: string
      readonly conversations: readonly string[]
      readonly last: number
    }
  | { readonly type: 'read'; readonly conversation: string; readonly after: number }

interface Conversation {
  readonly members: Set<WebSocket>
  lastSeq: number
}

interface Queued {
  readonly socket: WebSocket
  readonly author: string
  readonly conversation: Conversation
  readonly message: Send
}

const PAGE = 1000
const database = new pg.Pool({ connectionString: process.env['DATABASE_URL'] ?? '', max: 4 })
const conversations = new Map<string, Promise<Conversation>>()
let gathering: Queued[] = []
let isCommitting = false

await database.query(`CREATE TABLE IF NOT EXISTS messages (
  conversation uuid, seq bigint, id uuid, author uuid, at bigint, text text, PRIMARY KEY (conversation, seq))`)

function conversationOf(id: string): Promise<Conversation> {
  let conversation = conversations.get(id)
  if (conversation === undefined) {
    conversation = database
      .query<{ last: string | null }>('SELECT max(seq) AS last FROM messages WHERE conversation = $1', [id])
      .then(({ rows }) => ({ members: new Set<WebSocket>(), lastSeq: Number(rows[0]?.last ?? 0) }))
    conversations.set(id, conversation)
  }
  return conversation
}

async function commitGathered(): Promise<void> {
  if (isCommitting) return
  isCommitting = true
  while (gathering.length > 0) {
    const batch = gathering
    gathering = []
    const at = Date.now()
    const rows = batch.map((queued) => ({ ...queued, seq: (queued.conversation.lastSeq += 1) }))
    await database.query({
      name: 'append',
      text: `INSERT INTO messages (conversation, seq, id, author, at, text)
        SELECT conversation, seq, id, author, $5, text
        FROM unnest($1::uuid[], $2::bigint[], $3::uuid[], $4::uuid[], $6::text[]) AS m (conversation, seq, id, author, text)`,
      values: [
        rows.map(({ message }) => message.conversation),
        rows.map(({ seq }) => seq),
        rows.map(({ message }) => message.id),
        rows.map(({ author }) => author),
        at,
        rows.map(({ message }) => message.text),
      ],
    })
    for (const { socket, author, conversation, message, seq } of rows) {
      const { id, text } = message
      const event = Buffer.from(
        JSON.stringify({ type: 'message', conversation: message.conversation, seq, id, author, at, text }),
      )
      for (const member of conversation.members) if (member !== socket) member.send(event, { binary: false })
      socket.send(JSON.stringify({ type: 'ack', id, seq, at }))
    }
  }
  isCommitting = false
}

async function sendPages(socket: WebSocket, conversation: string, after: number): Promise<void> {
  for (let from = after; ;) {
    const { rows } = await database.query<{ seq: string }>({
      name: 'page',
      text: `SELECT seq, id, author, at, text FROM messages WHERE conversation = $1 AND seq > $2 ORDER BY seq LIMIT ${PAGE}`,
      values: [conversation, from],
    })
    if (rows.length > 0) socket.send(JSON.stringify({ type: 'page', conversation, messages: rows }))
    if (rows.length < PAGE) return
    from = Number(rows.at(-1)?.seq)
  }
}

function serve(socket: WebSocket): void {
  const joined = new Map<string, Conversation>()
  let user = ''

  async function handle(message: Request): Promise<void> {
    switch (message.type) {
      case 'open': {
        user = message.user
        for (const id of message.conversations) {
          const conversation = await conversationOf(id)
          joined.set(id, conversation)
          conversation.members.add(socket)
          await sendPages(socket, id, Math.max(0, conversation.lastSeq - message.last))
        }
        return socket.send(JSON.stringify({ type: 'opened' }))
      }
      case 'send': {
        const conversation = joined.get(message.conversation)
        if (conversation === undefined) throw new Error('not a member')
        gathering.push({ socket, author: user, conversation, message })
        return void commitGathered()
      }
      case 'read':
        return await sendPages(socket, message.conversation, message.after)
    }
  }

  // What arrives while `open` is being answered waits for it.
  let turn = Promise.resolve()
  socket.on('message', (data) => {
    const message = JSON.parse((data as Buffer).toString('utf8')) as Request
    turn = turn.then(() => handle(message))
  })
  socket.on('close', () => {
    for (const { members } of joined.values()) members.delete(socket)
  })
}

const server = createServer((_request, response) => response.end('floor'))
new WebSocketServer({ server, perMessageDeflate: false }).on('connection', serve)
server.listen(Number(process.env['PORT']), '127.0.0.1')
process.on('SIGTERM', () => process.exit())
