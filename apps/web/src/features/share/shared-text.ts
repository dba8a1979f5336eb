import type { Shared } from '../../platform/shared.ts'

/** The words of what is shared, a line for each that says something new: many apps put the address into the text too. */
export function sharedText({ title, text, url }: Omit<Shared, 'files'>): string {
  const parts = [title, text, url].map((part) => part.trim())
  return parts
    .filter(
      (part, index) =>
        part !== '' && !parts.some((other, at) => at !== index && says(other, part, at < index)),
    )
    .join('\n')
}

/** The longer one says it; of two that are the same, the first. */
const says = (other: string, part: string, isBefore: boolean): boolean =>
  other.includes(part) && (other.length > part.length || isBefore)

/** Behind what is already written there. */
export const draftWith = (draft: string, text: string): string =>
  text === '' ? draft : draft.trim() === '' ? text : `${draft.trimEnd()}\n${text}`
