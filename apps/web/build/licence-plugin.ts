import { readFile } from 'node:fs/promises'
import type { Plugin } from 'vite'

/** A file of the app, and the texts that it is made of, one after the other. */
type Licences = Readonly<Record<string, readonly URL[]>>

/** The licences go wherever the program goes, under names that every server and browser shows as text. */
export function licences(files: Licences): Plugin {
  return {
    name: 'parley-licences',
    apply: 'build',
    async generateBundle() {
      for (const [fileName, from] of Object.entries(files)) {
        const texts = await Promise.all(from.map((file) => readFile(file, 'utf8')))
        this.emitFile({ type: 'asset', fileName, source: texts.join(`\n\n${'='.repeat(59)}\n\n`) })
      }
    },
  }
}
