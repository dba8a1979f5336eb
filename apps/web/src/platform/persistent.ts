import { listenTo } from './listen.ts'

const TRY_AGAIN_MILLIS = 2000

/**
 * Loads a part of the app until it is there. On a first visit the service worker does not have all
 * files yet: when the network or the server is away just then, the part comes once they are back, and
 * the screen around it goes on meanwhile.
 */
export const persistent =
  <T>(load: () => Promise<T>) =>
  async (): Promise<T> => {
    for (;;) {
      try {
        return await load()
      } catch {
        // What a part throws while it loads is a failed request: the files themselves only define things.
        await pause()
      }
    }
  }

const pause = (): Promise<void> =>
  new Promise((resolve) => {
    const end = listenTo(window, ['online'], goOn)
    const timer = setTimeout(goOn, TRY_AGAIN_MILLIS)
    function goOn(): void {
      clearTimeout(timer)
      end()
      resolve()
    }
  })
