// Plain JavaScript, because its first duty is to speak to a Node that cannot read TypeScript.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const NEEDED = 24
if (Number.parseInt(process.versions.node, 10) < NEEDED) {
  process.stderr.write(
    `Parley needs Node ${NEEDED} or later, and this is ${process.versions.node}. "npm ci" brings the right one ` +
      'along and "npm start" uses it, unless install scripts are switched off ("ignore-scripts"): allow them, or install Node 24.\n',
  )
  process.exit(1)
}

const webBuild = fileURLToPath(new URL('web-build.ts', import.meta.url))
const { status } = spawnSync(process.execPath, [webBuild], { stdio: ['ignore', 2, 2] })
if (status !== 0) process.exit(status ?? 1)

await import('../apps/server/src/main.ts')
