import { PassThrough } from 'node:stream'
import type { ReadStream } from 'node:tty'
import { expect, test } from 'vitest'
import { confirm, generatePassword, newPassword } from './secret-input.ts'

/** A terminal at which somebody types: what it was told to show, and whether it shows what is typed. */
function typing(...keys: string[]) {
  const input = new PassThrough() as PassThrough & {
    isTTY: true
    isRaw: boolean
    setRawMode(isRaw: boolean): void
  }
  const modes: boolean[] = []
  input.isTTY = true
  input.setRawMode = (isRaw) => void modes.push(isRaw)
  let shown = ''
  const terminal = {
    input: input as unknown as ReadStream,
    say: (text: string) => {
      shown += text
      // Each question is answered by the next thing typed.
      if (text.endsWith(': ')) input.write(keys.shift() ?? '')
    },
  }
  return { terminal, modes, shown: () => shown }
}

test('a password is asked for twice, and nothing of it is shown', async () => {
  const { terminal, modes, shown } = typing('secrez\u007ft päss 🏷️\r', 'secret päss 🏷️\n')
  expect(await newPassword(terminal, {})).toEqual({ password: 'secret päss 🏷️', isGenerated: false })
  expect(shown()).toBe('Password: \nOnce more: \n')
  expect(modes).toEqual([true, false, true, false])
})

test('what is pasted in one piece answers both questions', async () => {
  const { terminal } = typing('the secret\rthe secret\r')
  expect((await newPassword(terminal, {})).password).toBe('the secret')
})

test('a line can be begun anew', async () => {
  const { terminal } = typing('wrong\u0015the secret\r', 'the secret\r')
  expect((await newPassword(terminal, {})).password).toBe('the secret')
})

test('two different passwords are none', async () => {
  const { terminal } = typing('the secret\r', 'the sceret\r')
  await expect(newPassword(terminal, {})).rejects.toThrow('two different passwords')
})

test('giving up leaves a terminal that shows again what is typed', async () => {
  const { terminal, modes } = typing('the sec\u0003')
  await expect(newPassword(terminal, {})).rejects.toThrow('no password was given')
  expect(modes).toEqual([true, false])
})

test('generated passwords are long, can be read out, and are never the same', () => {
  const made = Array.from({ length: 100 }, generatePassword)
  for (const password of made) expect(password).toMatch(/^([a-kmnp-z2-9]{4}-){4}[a-kmnp-z2-9]{4}$/)
  expect(new Set(made).size).toBe(100)
})

test('what cannot be taken back is done only after a yes', async () => {
  await confirm(typing('yes\n').terminal, 'Delete?', undefined)
  await confirm(typing('Yes\n').terminal, 'Delete?', undefined)
  await confirm(typing().terminal, 'Delete?', true)
  for (const answer of ['\n', 'y\n', 'no\n'])
    await expect(confirm(typing(answer).terminal, 'Delete?', undefined)).rejects.toThrow('nothing was done')
})
