/** What an element carries to be named by the layer. The same words are its label: a tip alone is unheard. */
export const tip = (text: string, side: 'above' | 'below' = 'below') => ({
  'data-tip': text,
  'data-tip-side': side,
})
