import { randomInt } from 'node:crypto'
import type { ReadStream } from 'node:tty'
import { AdminError, UsageError } from './admin-error.ts'

/** Where a command reads and asks: standard input and standard error. */
export interface Terminal {
  readonly input: ReadStream | (NodeJS.ReadableStream & { readonly isTTY?: false })
  readonly say: (text: string) => void
}

export interface SecretOptions {
  readonly passwordStdin?: boolean | undefined
  readonly generatePassword?: boolean | undefined
}

/** Without those that look alike. */
const ALPHABET = 'abcdefghijkmnpqrstuvwxyz23456789'
const GROUPS = 5
const GROUP_LENGTH = 4

/** A hundred bits that can be read out over a telephone. */
export const generatePassword = (): string =>
  Array.from({ length: GROUPS }, () =>
    Array.from({ length: GROUP_LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join(''),
  ).join('-')

export interface NewPassword {
  readonly password: string
  /** Nobody else knows it yet. */
  readonly isGenerated: boolean
}

/**
 * A new password, by the way that was asked for: never as an argument, which every user of the
 * machine can read in the list of processes.
 */
export async function newPassword(terminal: Terminal, options: SecretOptions): Promise<NewPassword> {
  if (options.generatePassword === true && options.passwordStdin === true)
    throw new UsageError('--password-stdin and --generate-password exclude each other')
  if (options.generatePassword === true) return { password: generatePassword(), isGenerated: true }
  const { input } = terminal
  if (options.passwordStdin === true) return { password: await readFirstLine(input), isGenerated: false }
  if (input.isTTY !== true)
    throw new UsageError(
      'there is no terminal to ask for a password: use --password-stdin or --generate-password',
    )
  const password = await askUnseen(input, 'Password: ', terminal.say)
  if ((await askUnseen(input, 'Once more: ', terminal.say)) !== password)
    throw new AdminError('invalid', 'these are two different passwords')
  return { password, isGenerated: false }
}

async function readFirstLine(input: NodeJS.ReadableStream): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of input) chunks.push(Buffer.from(chunk))
  const [line = ''] = Buffer.concat(chunks).toString('utf8').split(/\r?\n/)
  if (line === '') throw new UsageError('--password-stdin found no password on standard input')
  return line
}

const [CTRL_C, CTRL_D, BACKSPACE, DELETE, CTRL_U] = ['\u0003', '\u0004', '\b', '\u007f', '\u0015']

/** Asks on a terminal that shows nothing of what is typed. */
function askUnseen(input: ReadStream, question: string, say: Terminal['say']): Promise<string> {
  return new Promise((resolve, reject) => {
    let typed: string[] = []
    const end = (): void => {
      input.setRawMode(false)
      input.pause()
      input.off('data', take)
      say('\n')
    }
    const take = (chunk: Buffer): void => {
      const characters = [...chunk.toString('utf8')]
      for (const [index, character] of characters.entries()) {
        if (character === '\r' || character === '\n') {
          end()
          // Whatever was pasted behind belongs to the next question.
          const rest = characters.slice(index + 1).join('')
          if (rest !== '') input.unshift(Buffer.from(rest))
          return resolve(typed.join(''))
        }
        if (character === CTRL_C || character === CTRL_D) {
          end()
          return reject(new AdminError('invalid', 'no password was given'))
        }
        if (character === BACKSPACE || character === DELETE) typed.pop()
        else if (character === CTRL_U) typed = []
        else typed.push(character)
      }
    }
    say(question)
    input.setRawMode(true)
    input.on('data', take)
    input.resume()
  })
}

/** Asks a question that "yes" answers; for what cannot be taken back. */
export async function confirm(
  terminal: Terminal,
  what: string,
  isConfirmed: boolean | undefined,
): Promise<void> {
  if (isConfirmed === true) return
  const { input, say } = terminal
  if (input.isTTY !== true) throw new UsageError(`${what} This cannot be taken back: add --yes`)
  say(`${what} This cannot be taken back. Type "yes" to go on: `)
  const answer = await new Promise<string>((resolve) => {
    input.once('data', (chunk: Buffer) => {
      input.pause()
      resolve(chunk.toString('utf8').trim())
    })
    input.resume()
  })
  if (answer.toLowerCase() !== 'yes') throw new AdminError('invalid', 'not confirmed: nothing was done')
}
