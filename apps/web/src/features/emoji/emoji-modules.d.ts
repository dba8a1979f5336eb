/** Made by build/emoji-plugin.ts. */
declare module 'virtual:emoji/shapes' {
  const shapes: readonly (readonly (readonly [emoji: string, names: string, tones?: readonly string[]])[])[]
  export default shapes
}

declare module 'virtual:emoji/en' {
  const words: readonly (readonly (readonly [label: string, tags: string])[])[]
  export default words
}

declare module 'virtual:emoji/de' {
  const words: readonly (readonly (readonly [label: string, tags: string])[])[]
  export default words
}
