import { z } from 'zod'

/**
 * A string every store and every replica keeps exactly: PostgreSQL's jsonb has no U+0000, and a
 * lone surrogate changes on its way through UTF-8, which would break the hash chain.
 */
export const storableText = z
  .string()
  .refine((text) => text.isWellFormed() && !text.includes('\0'), 'must be well-formed Unicode without U+0000')

/** Storable text in one line: titles and names. */
export const line = storableText.refine(
  (text) => !/[\u0000-\u001f\u007f\u2028\u2029]/.test(text),
  'must not contain control characters',
)
