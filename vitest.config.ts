import { availableParallelism } from 'node:os'
import { playwright } from '@vitest/browser-playwright'
import { defineConfig, type TestProjectConfiguration } from 'vitest/config'
import { CHROMIUM_ARGS, findChromium } from './test/kit/chromium.ts'

const executablePath = findChromium()

/** What is waited for comes at once, or far later on a machine that does other things too, or never. */
const patiently = { expect: { poll: { timeout: 30_000, interval: 20 } } }

/** Suites that talk to PostgreSQL share the one server that the set-up starts, a database for each file. */
const withDatabase = {
  ...patiently,
  globalSetup: ['test/kit/global-setup.ts'],
  // Some start whole servers, several times; a machine that does other things too needs its time for that.
  testTimeout: 60_000,
  hookTimeout: 60_000,
}

const everywhere: TestProjectConfiguration[] = [
  {
    test: {
      ...patiently,
      name: 'unit',
      testTimeout: 60_000,
      include: [
        'packages/*/src/**/*.test.ts',
        'apps/*/src/**/*.test.{ts,tsx}',
        'scripts/**/*.test.ts',
        'bench/**/*.test.ts',
      ],
      exclude: ['**/*.db.test.ts', '**/*.browser.test.{ts,tsx}'],
    },
  },
  {
    test: {
      ...withDatabase,
      name: 'server',
      include: ['apps/server/src/**/*.db.test.ts', 'test/{kit,server,sim,regressions}/**/*.test.ts'],
    },
  },
]

const inChromium: TestProjectConfiguration[] = [
  {
    // Only a worker imports it, and workers are not looked through ahead: a test would wait while it is prepared.
    optimizeDeps: { include: ['@sqlite.org/sqlite-wasm'] },
    test: {
      ...patiently,
      name: 'browser',
      testTimeout: 60_000,
      include: ['packages/client/src/**/*.browser.test.ts', 'apps/web/src/**/*.browser.test.{ts,tsx}'],
      browser: {
        enabled: true,
        headless: true,
        screenshotFailures: false,
        provider: playwright({
          launchOptions: { ...(executablePath && { executablePath }), args: CHROMIUM_ARGS },
        }),
        instances: [{ browser: 'chromium' }],
      },
    },
  },
  {
    test: {
      ...withDatabase,
      name: 'e2e',
      globalSetup: [...withDatabase.globalSetup, 'test/kit/web-build.ts'],
      include: ['test/e2e/**/*.test.ts'],
      testTimeout: 120_000,
      // Each file drives browsers of its own against a server of its own: two at once starve each other.
      fileParallelism: false,
    },
  },
  {
    test: {
      ...withDatabase,
      name: 'visual',
      globalSetup: [...withDatabase.globalSetup, 'test/kit/web-build.ts'],
      include: ['test/visual/**/*.test.ts'],
      testTimeout: 120_000,
      hookTimeout: 120_000,
    },
  },
]

if (executablePath === undefined) {
  process.stderr.write(
    '\nNOT RUN: the browser, e2e and visual tests, because there is no Chromium. Install it or set CHROMIUM_PATH.\n\n',
  )
}

export default defineConfig({
  test: {
    // By itself Vitest leaves one core to whoever watches.
    maxWorkers: availableParallelism(),
    projects: executablePath === undefined ? everywhere : [...everywhere, ...inChromium],
  },
})
