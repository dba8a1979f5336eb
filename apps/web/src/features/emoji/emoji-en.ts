import shapes from 'virtual:emoji/shapes'
import words from 'virtual:emoji/en'
import { emojiSet } from './emoji-set.ts'

export const emoji = emojiSet(shapes, words)
