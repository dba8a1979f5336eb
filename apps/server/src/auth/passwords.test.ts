import { expect, test } from 'vitest'
import { createPasswords, TooManyLogins } from './passwords.ts'

test('a password verifies against its own hash and no other does', async () => {
  const passwords = createPasswords()
  const hash = await passwords.hash('correct horse')
  expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[\w+/]{22}\$[\w+/]{43}$/)
  expect(await passwords.verify(hash, 'correct horse')).toBe(true)
  expect(await passwords.verify(hash, 'correct horsf')).toBe(false)
})

test('two hashes of one password differ', async () => {
  const passwords = createPasswords()
  expect(await passwords.hash('correct horse')).not.toBe(await passwords.hash('correct horse'))
})

test('a password verifies in whatever Unicode form the keyboard gives', async () => {
  const passwords = createPasswords()
  expect(await passwords.verify(await passwords.hash('caf\u00e9 caf\u00e9'), 'cafe\u0301 cafe\u0301')).toBe(
    true,
  )
})

test('verifying against nobody is false and costs the same derivation', async () => {
  const derived: object[] = []
  const passwords = createPasswords({
    derive: async ({ message: _message, nonce: _nonce, ...cost }) => {
      derived.push(cost)
      return Buffer.alloc(32)
    },
  })
  const hash = await passwords.hash('correct horse')
  expect(await passwords.verify(undefined, 'wrong')).toBe(false)
  await passwords.verify(hash, 'wrong')
  const [, nobody, somebody] = derived
  expect(nobody).toEqual(somebody)
})

test('a flood of log-ins runs few at a time, keeps its order and turns the rest away', async () => {
  const open: (() => void)[] = []
  const started: unknown[] = []
  const passwords = createPasswords({
    concurrency: 2,
    maxWaiting: 3,
    derive: ({ message }) => {
      started.push(message)
      return new Promise((resolve) => open.push(() => resolve(Buffer.alloc(32))))
    },
  })
  const accepted = ['a', 'b', 'c', 'd', 'e'].map((password) => passwords.verify(undefined, password))
  await expect(passwords.verify(undefined, 'f')).rejects.toThrow(TooManyLogins)
  expect(started).toEqual(['a', 'b'])
  for (const [index, attempt] of accepted.entries()) {
    open[index]?.()
    await attempt
  }
  expect(started).toEqual(['a', 'b', 'c', 'd', 'e'])
  const after = passwords.verify(undefined, 'g')
  open.at(-1)?.()
  await after
})

test('a derivation that fails gives its place back', async () => {
  let fail = true
  const passwords = createPasswords({
    concurrency: 1,
    maxWaiting: 0,
    derive: async () => {
      if (fail) throw new Error('out of memory')
      return Buffer.alloc(32)
    },
  })
  await expect(passwords.hash('x')).rejects.toThrow('out of memory')
  fail = false
  await expect(passwords.hash('x')).resolves.toContain('$argon2id$')
})
