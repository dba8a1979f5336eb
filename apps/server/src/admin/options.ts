import { conversationId, type ConversationId, rest } from '@parley/protocol'
import { InvalidArgumentError, Option } from 'commander'
import type { z } from 'zod'

/** An argument as what a schema makes of it; one that is not it is a mistake in the command line. */
export const parsedBy =
  <S extends z.ZodType>(schema: S) =>
  (text: string): z.infer<S> => {
    const { data, error } = schema.safeParse(text)
    if (error !== undefined) throw new InvalidArgumentError(error.issues[0]?.message ?? 'It is not valid.')
    return data
  }

export const asConversation = (text: string): ConversationId => parsedBy(conversationId)(text.toLowerCase())
export const asEmail = parsedBy(rest.email)
export const asUsername = parsedBy(rest.username)
export const asName = parsedBy(rest.displayName)

export const wholeNumber =
  (min: number, max: number) =>
  (text: string): number => {
    if (!/^\d{1,9}$/.test(text) || Number(text) < min || Number(text) > max)
      throw new InvalidArgumentError(`It should be a whole number from ${min} to ${max}.`)
    return Number(text)
  }

export const jsonOption = () => new Option('--json', 'as JSON, for scripts')
export const yesOption = () => new Option('--yes', 'do not ask')
export const limitOption = () =>
  new Option('--limit <n>', 'how many at most').argParser(wholeNumber(1, 1_000_000)).default(100)
export const passwordOptions = () => [
  new Option('--password-stdin', 'take the password from the first line of standard input'),
  new Option('--generate-password', 'make up a password and print it, once'),
]
