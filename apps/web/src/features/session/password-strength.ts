export type Strength = 'too-short' | 'weak' | 'fair' | 'good' | 'strong'

/** What people choose most; a password that is little more than one of these is no secret. */
const COMMON =
  /password|passwort|qwert|azert|asdf|letmein|welcome|iloveyou|admin|dragon|monkey|football|parley|abc123|123456|111111|000000/i

const MIN_LENGTH = 8

/** A guess at how long guessing takes, for advice beside the box; the server's rule is only the length. */
export function passwordStrength(password: string, personal: readonly string[] = []): Strength {
  if ([...password].length < MIN_LENGTH) return 'too-short'
  const bits = effectiveLength(withoutKnown(password, personal)) * Math.log2(alphabetOf(password))
  if (bits < 36) return 'weak'
  if (bits < 50) return 'fair'
  return bits < 70 ? 'good' : 'strong'
}

/** What is left of it for somebody who knows the person and the usual words. */
function withoutKnown(password: string, personal: readonly string[]): string {
  let rest = password.toLowerCase()
  for (const known of personal.flatMap((word) => word.toLowerCase().split(/[\s@.]+/))) {
    if (known.length >= 3) rest = rest.replaceAll(known, '*')
  }
  return rest.replace(new RegExp(COMMON, 'gi'), '*')
}

/** Characters that do not just repeat or continue the ones before: "aaaa" and "4567" count once. */
function effectiveLength(text: string): number {
  const codes = [...text].map((character) => character.codePointAt(0) ?? 0)
  return codes.filter((code, i) => {
    const before = codes[i - 1]
    return before === undefined || Math.abs(code - before) > 1
  }).length
}

function alphabetOf(text: string): number {
  const sizes: readonly [RegExp, number][] = [
    [/[a-z]/, 26],
    [/[A-Z]/, 26],
    [/\d/, 10],
    [/[^a-zA-Z\d]/, 33],
  ]
  return sizes.reduce((sum, [kind, size]) => sum + (kind.test(text) ? size : 0), 0)
}
