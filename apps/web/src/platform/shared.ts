/** What another app has handed over, kept until it is taken: there may be no window yet, nor a person who is signed in. */
export interface Shared {
  readonly title: string
  readonly text: string
  readonly url: string
  readonly files: readonly File[]
}

const CACHE = 'shared'
const ABOUT = '/share/about'
const fileAt = (index: number): string => `/share/file/${index}`

interface About {
  readonly title: string
  readonly text: string
  readonly url: string
  readonly names: readonly string[]
}

/** In the service worker: what comes later takes the place of what nobody has taken. */
export async function keepShared(form: FormData): Promise<void> {
  const said = (name: string): string => {
    const value = form.get(name)
    return typeof value === 'string' ? value : ''
  }
  const files = form.getAll('files').filter((each) => typeof each !== 'string')
  const about: About = {
    title: said('title'),
    text: said('text'),
    url: said('url'),
    names: files.map(({ name }) => name),
  }
  await forgetShared()
  const cache = await caches.open(CACHE)
  await Promise.all(
    files.map((file, index) =>
      cache.put(fileAt(index), new Response(file, { headers: { 'Content-Type': file.type } })),
    ),
  )
  // Last: what is told of is whole.
  await cache.put(ABOUT, Response.json(about))
}

export async function readShared(): Promise<Shared | undefined> {
  const cache = await caches.open(CACHE)
  const kept = await cache.match(ABOUT)
  if (kept === undefined) return undefined
  // Written by the function above and nobody else.
  const { names, ...said } = (await kept.json()) as About
  const files = await Promise.all(
    names.map(async (name, index) => {
      const bytes = await (await cache.match(fileAt(index)))?.blob()
      return bytes === undefined ? [] : [new File([bytes], name, { type: bytes.type })]
    }),
  )
  return { ...said, files: files.flat() }
}

export const forgetShared = (): Promise<boolean> => caches.delete(CACHE)
