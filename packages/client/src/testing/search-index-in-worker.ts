import { keptIndex } from '../platform/search-opfs.ts'
import { systemClock } from '../platform/system.ts'
import type { SearchIndex } from '../search/index-port.ts'
import { ben } from './logs.ts'

/** An index on private files does what the page asks of it by name; only a worker can open one. */
let opening: Promise<SearchIndex> | undefined
type Asked = readonly [number: number, name: keyof SearchIndex, args: readonly never[]]

addEventListener('message', ({ data }: MessageEvent<Asked>) => {
  const [number, name, args] = data
  opening ??= keptIndex(ben, systemClock)
  void opening
    .then((index) => {
      const member = index[name]
      return typeof member === 'function' ? Reflect.apply(member, index, args) : member
    })
    .then(
      (answer) => postMessage({ number, answer }),
      (error: unknown) => postMessage({ number, error }),
    )
})
