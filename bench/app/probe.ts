/** What is put into the app's page before its own scripts: a look from outside at when something is on the screen. */
export interface Probe {
  /** When the first of these was painted; by the page's own clock, from the start of the navigation. */
  readonly painted: Partial<Record<'list' | 'messages', number>>
  /** When the last script that the page names had arrived. */
  scriptsAt(): number
  /** Begins to watch: how long after a key the frame with its letter was painted. */
  watchKeys(): void
  keys(): number[]
  /** Begins to watch: how long each frame took. */
  watchFrames(): void
  frames(): number[]
  /** The row at the top of the timeline. */
  rowInSight(): string
  /** How many rows have been drawn since frames are watched. */
  rowsSeen(): number
}

/** Runs in the page: it may refer to nothing outside of itself. */
export function installProbe(): void {
  const painted: { list?: number; messages?: number } = {}
  const wanted = { list: 'nav a[href^="/c/"]', messages: '[role="log"] article' } as const
  /** After the frame that is being made now is done: a task behind the animation frame. */
  const afterPaint = (done: () => void): void => {
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel()
      port1.addEventListener('message', done, { once: true })
      port1.start()
      port2.postMessage(undefined)
    })
  }
  const found = new Set<string>()
  const look = (): void => {
    for (const name of ['list', 'messages'] as const) {
      if (found.has(name) || document.querySelector(wanted[name]) === null) continue
      found.add(name)
      afterPaint(() => (painted[name] = performance.now()))
    }
  }
  new MutationObserver(look).observe(document, { childList: true, subtree: true })

  let keys: number[] = []
  let frames: number[] = []
  const rows = new Set<string>()
  const rowsNow = (): HTMLElement[] => [...document.querySelectorAll<HTMLElement>('[role="log"] [data-id]')]
  const named = new Set<string>()
  // The page has been read and none of its modules run: what they add for later is not the first screen's.
  document.addEventListener(
    'readystatechange',
    () => {
      for (const each of document.querySelectorAll('script[src]')) named.add((each as HTMLScriptElement).src)
      for (const each of document.querySelectorAll('link[rel="modulepreload"]'))
        named.add((each as HTMLLinkElement).href)
    },
    { once: true },
  )
  const probe: Probe = {
    painted,
    scriptsAt: () => {
      const arrived = performance
        .getEntriesByType('resource')
        .filter((entry) => entry instanceof PerformanceResourceTiming)
        .filter(({ name }) => named.has(name))
        .map(({ responseEnd }) => responseEnd)
      return Math.max(0, ...arrived)
    },
    watchKeys: () => {
      keys = []
      addEventListener(
        'keydown',
        ({ timeStamp }) => afterPaint(() => keys.push(performance.now() - timeStamp)),
        {
          capture: true,
        },
      )
    },
    keys: () => keys,
    watchFrames: () => {
      frames = []
      // Only what is new is looked at, so that looking costs a frame nothing.
      new MutationObserver((changes) => {
        for (const { addedNodes } of changes)
          for (const node of addedNodes)
            if (node instanceof HTMLElement && node.dataset['id'] !== undefined) rows.add(node.dataset['id'])
      }).observe(document.querySelector('[role="log"]') ?? document, { childList: true, subtree: true })
      let last: number | undefined
      const next = (now: number): void => {
        if (last !== undefined) frames.push(now - last)
        last = now
        requestAnimationFrame(next)
      }
      requestAnimationFrame(next)
    },
    frames: () => frames,
    rowInSight: () =>
      rowsNow().find((row) => row.getBoundingClientRect().bottom > innerHeight / 2)?.dataset['id'] ?? '',
    rowsSeen: () => rows.size,
  }
  Object.assign(globalThis, { probe })
}
