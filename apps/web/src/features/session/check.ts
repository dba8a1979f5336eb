import type { Answer } from '@parley/client'
import { rest } from '@parley/protocol'
import type { PlainKey } from '../../i18n/translate.ts'

export type SignUpField = 'email' | 'username' | 'name' | 'password'
export type SignUpValues = Readonly<Record<SignUpField, string>>
export type SignUpErrors = { readonly [F in SignUpField]?: PlainKey }

const FIELDS: readonly SignUpField[] = ['name', 'username', 'email', 'password']

const WRONG: { readonly [F in SignUpField]: PlainKey } = {
  email: 'session.error.email',
  username: 'session.error.username',
  name: 'session.error.name',
  password: 'session.error.password',
}

/** What the server will say too, said before asking it: by the same schemas. */
export function checkSignUp(values: SignUpValues): SignUpErrors {
  const errors: { [F in SignUpField]?: PlainKey } = {}
  for (const field of FIELDS) {
    if (values[field].trim() === '') errors[field] = 'session.error.required'
    else if (!rest.createUser.shape[field].safeParse(values[field]).success) errors[field] = WRONG[field]
  }
  return errors
}

export const firstWrong = (errors: SignUpErrors): SignUpField | undefined =>
  FIELDS.find((field) => errors[field] !== undefined)

type Refused = Extract<Answer<unknown>, { ok: false }>

/** Which field a refusal is about: a conflict names it, everything else is about the whole form. */
export function conflictsOf(answer: Refused): SignUpErrors {
  if (answer.code !== 'conflict') return {}
  const words = answer.message.toLowerCase()
  const isEmail = words.includes('email')
  const isUsername = words.includes('username')
  return {
    ...(isEmail ? { email: 'session.error.email-taken' as const } : {}),
    ...(isUsername || !isEmail
      ? { username: isUsername ? 'session.error.username-taken' : 'session.error.taken' }
      : {}),
  }
}

/** The same of a sign-up, which is refused by servers that do not take everybody. */
export const signUpError = (answer: Refused, isOnline: boolean): PlainKey =>
  answer.code === 'forbidden' ? 'session.error.not-invited' : formError(answer, isOnline)

/** What to say of a refusal that is about no single field. */
export function formError(answer: Refused, isOnline: boolean): PlainKey {
  switch (answer.code) {
    case 'unauthenticated':
    case 'forbidden':
    case 'not_found':
      return 'session.error.credentials'
    case 'rate_limited':
      return 'session.error.rate'
    case 'unavailable':
      return isOnline ? 'session.error.server' : 'session.error.offline'
    case 'invalid':
    case 'conflict':
    case 'too_large':
    case 'archived':
    case 'not_friends':
    case 'internal':
      return 'session.error.server'
  }
}
