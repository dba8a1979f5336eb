/** A piece of a Markdown page between fences. */
export interface Block {
  readonly language: string
  readonly text: string
  /** The number of its first line on the page, for messages. */
  readonly line: number
}

/** The blocks of code on a page, in order. */
export function blocksOf(page: string): Block[] {
  const blocks: Block[] = []
  let open: { language: string; line: number; lines: string[] } | undefined
  for (const [index, line] of page.split('\n').entries()) {
    const fence = /^```(\w*)$/.exec(line)
    if (fence === null) open?.lines.push(line)
    else if (open === undefined) open = { language: fence[1] ?? '', line: index + 2, lines: [] }
    else {
      blocks.push({ language: open.language, line: open.line, text: open.lines.join('\n') })
      open = undefined
    }
  }
  return blocks
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/
/** What no two servers have in common. */
const OWN = new Set(['hash', 'lastHash', 'next', 'token'])
const isTime = (value: unknown): boolean => typeof value === 'number' && value > 1_600_000_000_000

/**
 * Where an answer is not what a page shows. Ids may be others, but each always stands for the same one;
 * times and hashes may be others; everything else is as it is shown.
 */
export function createComparison(): (shown: unknown, real: unknown) => string | undefined {
  const meant = new Map<string, string>()
  const compare = (shown: unknown, real: unknown, at: string): string | undefined => {
    const differs = `${at}: shown is ${JSON.stringify(shown)}, and real ${JSON.stringify(real)}`
    if (Array.isArray(shown) && Array.isArray(real)) {
      if (shown.length !== real.length) return differs
      return first(shown.map((each, index) => compare(each, real[index], `${at}[${index}]`)))
    }
    if (isObject(shown) && isObject(real)) {
      const keys = new Set([...Object.keys(shown), ...Object.keys(real)])
      return first(
        [...keys].map((key) =>
          OWN.has(key) && typeof shown[key] === typeof real[key]
            ? undefined
            : compare(shown[key], real[key], `${at}.${key}`),
        ),
      )
    }
    if (isTime(shown) && isTime(real)) return undefined
    if (typeof shown === 'string' && UUID.test(shown) && typeof real === 'string' && UUID.test(real)) {
      const known = meant.get(shown)
      if (known === undefined) meant.set(shown, real)
      return known === undefined || known === real ? undefined : differs
    }
    return shown === real ? undefined : differs
  }
  return (shown, real) => compare(shown, real, 'the answer')
}

const first = (faults: readonly (string | undefined)[]): string | undefined =>
  faults.find((fault) => fault !== undefined)

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
