import type { AttachmentId } from '@parley/protocol'
import type { IDBPDatabase } from 'idb'
import { z } from 'zod'
import type { Store } from '../store/store.ts'
import { type FileBytes, heldMessage } from '../uploads/held-message.ts'
import { guarded } from './indexeddb-fault.ts'
import type { PersonDatabase } from './indexeddb-schema.ts'

type HeldStore = Pick<Store, 'heldMessages' | 'hold' | 'changeHeld' | 'dropHeld' | 'file'>

const blob = z.instanceof(Blob)

/** What waits because of files. A file is written, and read, by the browser's own process: no tab holds it in memory. */
export const indexedDbHeld = (db: IDBPDatabase<PersonDatabase>): HeldStore => ({
  heldMessages: () =>
    guarded(async () => {
      const { store } = db.transaction('held')
      const [places, messages] = await Promise.all([store.getAllKeys(), store.getAll()])
      return places.map((place, index) => ({ place, message: heldMessage.parse(messages[index]) }))
    }),
  hold: (message, files) =>
    guarded(async () => {
      // A transaction ends by itself while anything else is waited for.
      const blobs = await Promise.all(
        [...files].map(async ([id, bytes]) => [id, await blobOf(bytes)] as const),
      )
      const transaction = db.transaction(['held', 'files'], 'readwrite', { durability: 'strict' })
      const [place] = await Promise.all([
        transaction.objectStore('held').add(message),
        ...blobs.map(([id, bytes]) => transaction.objectStore('files').put(bytes, id)),
        transaction.done,
      ])
      return place
    }),
  changeHeld: (place, message) =>
    guarded(async () => {
      const transaction = db.transaction('held', 'readwrite', { durability: 'strict' })
      const isThere = (await transaction.store.getKey(place)) !== undefined
      await Promise.all([isThere ? transaction.store.put(message, place) : undefined, transaction.done])
      return isThere
    }),
  dropHeld: (place) =>
    guarded(async () => {
      const transaction = db.transaction(['held', 'files'], 'readwrite', { durability: 'strict' })
      const found = await transaction.objectStore('held').get(place)
      // Whatever else is wrong with it, it goes.
      const read = heldMessage.safeParse(found)
      const ids: readonly AttachmentId[] = read.success ? read.data.files.map(({ id }) => id) : []
      await Promise.all([
        transaction.objectStore('held').delete(place),
        ...ids.map((id) => transaction.objectStore('files').delete(id)),
        transaction.done,
      ])
    }),
  file: (id) => guarded(async () => blob.optional().parse(await db.get('files', id))),
})

const blobOf = async (bytes: FileBytes): Promise<Blob> =>
  bytes instanceof Blob ? bytes : new Blob([await bytes.arrayBuffer()])
