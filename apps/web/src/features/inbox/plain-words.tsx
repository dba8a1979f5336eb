import { useMemo } from 'react'
import { plainText } from '../conversation/markdown.ts'

/** A text without its markup. */
export default function PlainWords({ text }: { text: string }) {
  return useMemo(() => plainText(text), [text])
}
