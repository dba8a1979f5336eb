import type { Mention, UserId } from '@parley/protocol'

/** Whom a text mentions: the `@handles` in it that belong to members, and `@everyone` where that is allowed. */
export function mentionsIn(
  text: string,
  memberOf: (handle: string) => UserId | undefined,
  mayMentionEveryone: boolean,
): readonly Mention[] {
  const found = new Set<Mention>()
  for (const [, written = ''] of text.matchAll(/(?<![\w@])@([a-z0-9_.-]+)/gi)) {
    const mention = resolve(written.toLowerCase())
    if (mention !== undefined) found.add(mention)
  }
  return [...found]

  /** "@ana." at the end of a sentence means ana, although a username may contain the dot. */
  function resolve(written: string): Mention | undefined {
    for (let handle = written; handle !== ''; handle = handle.slice(0, -1)) {
      if (handle === 'everyone' && mayMentionEveryone) return 'everyone'
      const member = memberOf(handle)
      if (member !== undefined) return member
      if (!/[._-]$/.test(handle)) return undefined
    }
    return undefined
  }
}
