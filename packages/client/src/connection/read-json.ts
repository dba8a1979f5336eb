import type { z } from 'zod'

/** What a text says, if it is JSON of that form; undefined otherwise. */
export function readJson<T>(schema: z.ZodType<T>, text: string): T | undefined {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    // No JSON is one more form that is not the expected one.
    return undefined
  }
  return schema.safeParse(value).data
}
