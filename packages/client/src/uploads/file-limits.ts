import { DEFAULT_LIMITS } from '@parley/protocol'

type FileLimit = 'attachmentsPerMessage' | 'attachmentBytes'

/** Thrown at the caller for files that the server would not take: nothing is sent, and nothing is lost. */
export class TooManyFiles extends Error {
  override name = 'TooManyFiles'
  readonly limit: FileLimit
  /** How many files, or bytes. */
  readonly allowed: number
  /** The one that is too large. */
  readonly file: string | undefined
  constructor(limit: FileLimit, allowed: number, file?: string) {
    super(file === undefined ? `more than ${allowed} files` : `${file} has more than ${allowed} bytes`)
    this.limit = limit
    this.allowed = allowed
    this.file = file
  }
}

interface Sized {
  readonly name: string
  readonly bytes: { readonly size: number }
}

/** What the server would say of these files; `limits`: as it last named them, if it has. */
export function whyTooMany(
  files: readonly Sized[],
  limits: Readonly<Record<string, number>> = {},
): TooManyFiles | undefined {
  const allowed = (limit: FileLimit) => limits[limit] ?? DEFAULT_LIMITS[limit]
  if (files.length > allowed('attachmentsPerMessage'))
    return new TooManyFiles('attachmentsPerMessage', allowed('attachmentsPerMessage'))
  const large = files.find(({ bytes }) => bytes.size > allowed('attachmentBytes'))
  return large && new TooManyFiles('attachmentBytes', allowed('attachmentBytes'), large.name)
}
