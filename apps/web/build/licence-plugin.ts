import { readFile } from 'node:fs/promises'
import type { Plugin } from 'vite'

/** The licence goes wherever the program goes, under a name that every server and browser shows as text. */
export function licence(file: URL): Plugin {
  return {
    name: 'parley-licence',
    apply: 'build',
    async generateBundle() {
      this.emitFile({ type: 'asset', fileName: 'LICENSE.txt', source: await readFile(file, 'utf8') })
    },
  }
}
