import shapes from 'virtual:emoji/shapes'
import words from 'virtual:emoji/de'
import { emojiSet } from './emoji-set.ts'

export const emoji = emojiSet(shapes, words)
