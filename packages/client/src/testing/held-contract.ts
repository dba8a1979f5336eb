import { type AttachmentId, type CommandId, newId } from '@parley/protocol'
import { expect, test } from 'vitest'
import type { Store } from '../store/store.ts'
import type { FileBytes, HeldMessage } from '../uploads/held-message.ts'
import { conversation } from './logs.ts'

const bytesOf = (text: string): Blob => new Blob([text])
const textOf = async (bytes: FileBytes | undefined): Promise<string | undefined> =>
  bytes && new TextDecoder().decode(await bytes.arrayBuffer())

/** A message with files of these contents. */
function withFiles(...contents: readonly string[]): [HeldMessage, ReadonlyMap<AttachmentId, FileBytes>] {
  const files = contents.map((content) => ({ id: newId<AttachmentId>(), bytes: bytesOf(content) }))
  return [
    {
      command: {
        type: 'message.send',
        id: newId<CommandId>(),
        createdAt: 1,
        conversation,
        text: 'see',
        attachments: files.map(({ id }) => id),
      },
      files: files.map(({ id, bytes }) => ({
        id,
        name: 'a.txt',
        mediaType: 'text/plain',
        size: bytes.size,
      })),
      state: { is: 'waiting' },
    },
    new Map(files.map(({ id, bytes }) => [id, bytes])),
  ]
}

/** What every store promises about messages with files. */
export function describeHeld(store: () => Store, reopen: () => Promise<Store>): void {
  test('[C6] messages and their files come back after a restart, in the order they were put there', async () => {
    const [first, filesOfFirst] = withFiles('one', 'two')
    const [second] = withFiles()
    await store().hold(first, filesOfFirst)
    await store().hold(second, new Map())
    await reopen()
    const held = await store().heldMessages()
    expect(held.map(({ message }) => message)).toEqual([first, second])
    const contents = await Promise.all(first.files.map(async ({ id }) => textOf(await store().file(id))))
    expect(contents).toEqual(['one', 'two'])
  })

  test('a part of a kept file can be read by itself', async () => {
    const [message, files] = withFiles('0123456789')
    await store().hold(message, files)
    const file = await store().file(message.files[0]?.id ?? newId())
    expect(file?.size).toBe(10)
    expect(await textOf(file?.slice(3, 6))).toBe('345')
  })

  test('what is held changes in its place, and does not come back after another tab has removed it', async () => {
    const [first, files] = withFiles('one')
    const [second] = withFiles()
    const place = await store().hold(first, files)
    await store().hold(second, new Map())
    const changed: HeldMessage = { ...first, state: { is: 'handed-on' } }
    expect(await store().changeHeld(place, changed)).toBe(true)
    await reopen()
    expect((await store().heldMessages()).map(({ message }) => message)).toEqual([changed, second])
    await store().dropHeld(place)
    expect(await store().changeHeld(place, first)).toBe(false)
    await reopen()
    expect((await store().heldMessages()).map(({ message }) => message)).toEqual([second])
  })

  test('a message that is dropped takes its files along, and no others', async () => {
    const [first, filesOfFirst] = withFiles('one')
    const [second, filesOfSecond] = withFiles('two')
    const place = await store().hold(first, filesOfFirst)
    await store().hold(second, filesOfSecond)
    await store().dropHeld(place)
    await store().dropHeld(place)
    await reopen()
    expect(await store().file(first.files[0]?.id ?? newId())).toBeUndefined()
    expect(await textOf(await store().file(second.files[0]?.id ?? newId()))).toBe('two')
  })

  test('[C6] where one of its files cannot be read, nothing of a message is kept', async () => {
    const [message, files] = withFiles('one', 'two')
    const [, last] = message.files
    const gone: FileBytes = {
      size: 3,
      slice: () => gone,
      arrayBuffer: () => Promise.reject(new Error('the file is gone')),
    }
    await expect(store().hold(message, new Map([...files, [last?.id ?? newId(), gone]]))).rejects.toThrow()
    await reopen()
    expect(await store().heldMessages()).toEqual([])
    expect(await store().file(message.files[0]?.id ?? newId())).toBeUndefined()
  })

  test('wiping leaves nothing of what was held', async () => {
    const [message, files] = withFiles('one')
    await store().hold(message, files)
    await store().wipe()
    await reopen()
    expect(await store().heldMessages()).toEqual([])
    expect(await store().file(message.files[0]?.id ?? newId())).toBeUndefined()
  })
}
