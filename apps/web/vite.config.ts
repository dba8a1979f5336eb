import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import program from '../../package.json' with { type: 'json' }
import { emoji } from './build/emoji-plugin.ts'
import { firstFont } from './build/first-font-plugin.ts'
import { licences } from './build/licence-plugin.ts'
import { serviceWorker } from './build/service-worker-plugin.ts'
import { sqlite } from './build/sqlite-plugin.ts'

const FONTS = ['inter', 'noto-sans-arabic', 'noto-sans-hebrew', 'jetbrains-mono'].map(
  (name) => `@fontsource-variable/${name}`,
)

const server = 'http://127.0.0.1:3000'

export default defineConfig({
  root: import.meta.dirname,
  define: { __APP_VERSION__: JSON.stringify(program.version) },
  plugins: [
    react(),
    licences({
      'LICENSE.txt': [new URL('../../LICENSE', import.meta.url)],
      'FONTS.txt': FONTS.map((font) => new URL('LICENSE', import.meta.resolve(`${font}/package.json`))),
      'EMOJI.txt': [new URL(import.meta.resolve('emojibase-data/LICENSE'))],
    }),
    firstFont(),
    emoji(),
    serviceWorker('src/service-worker.ts', 'src/outbox-worker.ts'),
  ],
  server: {
    port: 5173,
    proxy: {
      // The host stays the browser's own: the server compares it with the origin of every change.
      '/api': { target: server, changeOrigin: false },
      '/sync': { target: server, changeOrigin: false, ws: true },
      '/healthz': server,
      '/readyz': server,
    },
  },
  // In one piece with the others it would not find its WebAssembly.
  optimizeDeps: { exclude: ['@sqlite.org/sqlite-wasm'] },
  worker: {
    // A module: it finds the database engine beside it, as a file of its own.
    format: 'es',
    plugins: () => [sqlite()],
  },
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    // The first browsers with light-dark(), which the colour tokens are made of.
    target: ['chrome125', 'edge125', 'firefox128', 'safari17.5'],
    sourcemap: true,
    // In one file, so that the order of the cascade layers is said before any of them is filled.
    cssCodeSplit: false,
    // The content security policy allows no data: in scripts and styles beyond images.
    assetsInlineLimit: 0,
  },
})
