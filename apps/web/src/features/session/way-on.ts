/** The screens of those who are not signed in: nobody has come for them. */
const ENTRANCES = ['/sign-in', '/sign-up']

/** Where a link wanted to go before signing in came between: it goes along from one of the forms to the other. */
export function wayOn(path: string, state: unknown): string {
  if (!ENTRANCES.includes(path)) return path
  const wanted = typeof state === 'object' && state !== null && 'wayOn' in state ? state.wayOn : undefined
  return typeof wanted === 'string' && wanted.startsWith('/') && !ENTRANCES.includes(wanted) ? wanted : '/'
}
