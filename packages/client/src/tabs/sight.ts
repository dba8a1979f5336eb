import type { Observable } from '../observable.ts'
import type { Sight } from '../ports.ts'

/** Of programs, which nobody stops without killing them. */
export const ALWAYS_VISIBLE: Observable<Sight> = { get: () => 'visible', subscribe: () => () => undefined }
