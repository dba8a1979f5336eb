import type { Plugin } from 'vite'

/** The one file of the fonts that nearly every screen needs. */
export const FIRST_FONT = 'inter-latin-wght-normal'

/** Has it fetched beside the script instead of after the first text: a start from the device shows one face, not two. */
export function firstFont(): Plugin {
  return {
    name: 'parley-first-font',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      handler: (_, { bundle }) => {
        const file = Object.keys(bundle ?? {}).find((path) => path.includes(FIRST_FONT))
        if (file === undefined) throw new Error(`the build has no ${FIRST_FONT}`)
        const attrs = { rel: 'preload', as: 'font', type: 'font/woff2', href: `/${file}`, crossorigin: true }
        return [{ tag: 'link', attrs, injectTo: 'head' }]
      },
    },
  }
}
