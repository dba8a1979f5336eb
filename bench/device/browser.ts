import { execFileSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type BrowserContext, type CDPSession, chromium, type Page } from 'playwright'
import { build } from 'vite'
import { CHROMIUM_ARGS, findChromium } from '../../test/kit/chromium.ts'
import type { DevicePage } from './page.ts'

/** A page of the server's origin without scripts of its own. */
const BLANK = '/healthz'

export interface Wire {
  /** Bodies and headers of answers, as they came over the connection. */
  http: number
  /** Payloads of frames from the server. */
  socket: number
  /** The same to the server. */
  socketSent: number
}

export interface DeviceTab {
  readonly page: Page
  readonly wire: Wire
  ask<N extends keyof DevicePage>(
    name: N,
    ...given: Parameters<DevicePage[N]>
  ): Promise<Awaited<ReturnType<DevicePage[N]>>>
  /** Live memory of the page's JavaScript after a collection, in bytes. */
  heap(): Promise<number>
  /** What the browser says that the origin takes. */
  usage(): Promise<number>
  close(): Promise<void>
}

/** A Chromium with a profile of its own, which outlives the browser being closed. */
export interface DeviceBrowser {
  tab(): Promise<DeviceTab>
  /** Closes the browser and starts it again on the same profile: nothing of it is in memory any more. */
  restart(): Promise<void>
  /** What the profile's IndexedDB takes on the disk; of a closed browser, so that nothing waits to be written. */
  diskBytes(): Promise<number>
  end(): Promise<void>
}

export async function startDeviceBrowser(url: string): Promise<DeviceBrowser> {
  const [code, profile] = [await bundle(), await mkdtemp(join(tmpdir(), 'parley-bench-device-'))]
  const launch = (): Promise<BrowserContext> => {
    const executablePath = findChromium()
    return chromium.launchPersistentContext(profile, {
      ...(executablePath !== undefined && { executablePath }),
      args: CHROMIUM_ARGS,
    })
  }
  let context = await launch()
  return {
    tab: () => openTab(context, `${url}${BLANK}`, code),
    restart: async () => {
      await context.close()
      context = await launch()
    },
    diskBytes: async () => {
      await context.close()
      const said = execFileSync('du', ['-sk', join(profile, 'Default', 'IndexedDB')], { encoding: 'utf8' })
      context = await launch()
      return Number.parseInt(said, 10) * 1024
    },
    end: async () => {
      await context.close()
      await rm(profile, { recursive: true, force: true })
    },
  }
}

async function openTab(context: BrowserContext, address: string, code: string): Promise<DeviceTab> {
  const page = await context.newPage()
  const debug = await context.newCDPSession(page)
  const wire = await watchWire(debug)
  await page.goto(address)
  // Past the page's policy, which lets no such script in; and as that policy has it in the app, nothing is compiled.
  await page.evaluate(() => Object.assign(globalThis, { __zod_globalConfig: { jitless: true } }))
  await page.evaluate(code)
  Object.assign(wire, { http: 0, socket: 0, socketSent: 0 })
  return {
    page,
    wire,
    ask: async (name, ...given) =>
      (await page.evaluate(
        async ([method, argument]) => {
          const { device } = globalThis as unknown as { device: Record<string, (given: unknown) => unknown> }
          return await device[method as string]?.(argument)
        },
        [name, given[0]],
      )) as never,
    heap: async () => {
      await debug.send('HeapProfiler.collectGarbage')
      return (await debug.send('Runtime.getHeapUsage')).usedSize
    },
    usage: () => page.evaluate(async () => (await navigator.storage.estimate()).usage ?? 0),
    close: () => page.close(),
  }
}

async function watchWire(debug: CDPSession): Promise<Wire> {
  const wire: Wire = { http: 0, socket: 0, socketSent: 0 }
  // Frames of bytes are told in base64.
  const sizeOf = ({ opcode, payloadData }: { opcode: number; payloadData: string }): number =>
    opcode === 2 ? Buffer.from(payloadData, 'base64').length : Buffer.byteLength(payloadData)
  debug.on('Network.loadingFinished', ({ encodedDataLength }) => (wire.http += encodedDataLength))
  debug.on('Network.webSocketFrameReceived', ({ response }) => (wire.socket += sizeOf(response)))
  debug.on('Network.webSocketFrameSent', ({ response }) => (wire.socketSent += sizeOf(response)))
  await debug.send('Network.enable')
  return wire
}

async function bundle(): Promise<string> {
  const made = await build({
    configFile: false,
    logLevel: 'warn',
    publicDir: false,
    build: {
      write: false,
      target: 'es2024',
      chunkSizeWarningLimit: 10_000,
      rolldownOptions: {
        input: fileURLToPath(new URL('page.ts', import.meta.url)),
        output: { format: 'iife' },
      },
    },
  })
  if (!('output' in made)) throw new Error('the page is one file')
  return made.output[0].code
}
