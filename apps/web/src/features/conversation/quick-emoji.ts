const USUAL = ['👍', '❤️', '😂', '🎉', '😮', '😢', '🙏', '👀']
const QUICK = 8
/** As many of the person's own: what was used once long ago is no habit, and 👍 is looked for by all. */
const OWN = 5

/** What is offered at once: the usual ones, with what this person last used among them instead of the rarest. */
export function quickEmoji(recent: readonly string[]): readonly string[] {
  const own = recent.filter((emoji) => !USUAL.includes(emoji)).slice(0, OWN)
  return [...USUAL.slice(0, QUICK - own.length), ...own]
}
