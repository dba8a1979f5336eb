import { isDeepStrictEqual } from 'node:util'

/** The places at which two plain values differ, the first few of them, as people read them. */
export function differences(should: unknown, is: unknown, path: string): string[] {
  if (isDeepStrictEqual(should, is)) return []
  if (!isObject(should) || !isObject(is))
    return [`${path} should be ${JSON.stringify(should)} and is ${JSON.stringify(is)}`]
  const keys = [...new Set([...Object.keys(should), ...Object.keys(is)])]
  return keys.flatMap((key) => differences(should[key], is[key], `${path}/${key}`)).slice(0, 20)
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null
