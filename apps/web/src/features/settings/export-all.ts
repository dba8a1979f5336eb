import type { Account, ConversationView } from '@parley/client'
import type { Entry } from './tar.ts'

/** A server that is asked for much at once says when to come again; it is believed up to this. */
const WAIT_AT_MOST = 60_000
const TRIES = 5

export class ExportFailed extends Error {
  override name = 'ExportFailed'
}

/** All that the person has on this server, as files; the conversations one after the other, as the server makes them. */
export async function exportAll(
  account: Account,
  conversations: readonly { readonly view: ConversationView; readonly title: string }[],
  onProgress: (done: number) => void,
  signal: AbortSignal,
): Promise<readonly Entry[]> {
  const entries: Entry[] = [{ name: 'profile.json', content: jsonOf(profileOf(account)) }]
  const names = new Set<string>()
  for (const [done, { view, title }] of conversations.entries()) {
    onProgress(done)
    const content = await fetchExport(account.api.exportUrl(view.id), signal)
    entries.push({ name: `conversations/${freeName(title, names)}.jsonl`, content })
  }
  return entries
}

async function fetchExport(url: string, signal: AbortSignal): Promise<Blob> {
  for (let attempt = 1; ; attempt += 1) {
    const answer = await fetch(url, { signal })
    if (answer.ok) return await answer.blob()
    if (answer.status !== 429 || attempt === TRIES)
      throw new ExportFailed(`the server answered ${answer.status}`)
    const seconds = Number(answer.headers.get('Retry-After') ?? 1)
    await pause(Math.min(WAIT_AT_MOST, Math.max(1, seconds) * 1000), signal)
  }
}

const pause = (millis: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, millis)
    signal.addEventListener('abort', () => {
      clearTimeout(timer)
      reject(signal.reason instanceof Error ? signal.reason : new Error('given up'))
    })
  })

/** What is about the person themself, from what this device knows. */
export function profileOf(account: Account): object {
  const { friends, blocked } = account.friends.get()
  const { levels, mutedUntil } = account.preferences.get()
  return {
    account: account.me.get(),
    friends: friends.map(({ id, at, profile }) => ({
      id,
      since: at,
      name: profile?.name,
      username: profile?.username,
    })),
    blocked: blocked.map(({ id, at, profile }) => ({ id, since: at, name: profile?.name })),
    notificationLevels: Object.fromEntries(levels),
    mutedUntil: Object.fromEntries(mutedUntil),
  }
}

const jsonOf = (value: object): Blob =>
  new Blob([JSON.stringify(value, null, 2)], { type: 'application/json' })

const MAX_TITLE = 60

/** What a file may be called on every system, and no other file here is. */
export function freeName(title: string, taken: Set<string>): string {
  const plain = title.replaceAll(/[\\/:*?"<>|\p{Cc}\p{Cf}\s]+/gu, ' ').replace(/^[. ]+/, '')
  const short = [...plain]
    .slice(0, MAX_TITLE)
    .join('')
    .replace(/[. ]+$/, '')
  const base = short === '' ? 'conversation' : short
  let name = base
  for (let number = 2; taken.has(name.toLowerCase()); number += 1) name = `${base} ${number}`
  taken.add(name.toLowerCase())
  return name
}
