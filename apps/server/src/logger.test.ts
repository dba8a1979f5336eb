import { expect, test } from 'vitest'
import { createLogger } from './logger.ts'

function logged(entry: object): string {
  let text = ''
  createLogger('info', { write: (line) => void (text += line) }).info(entry, 'said')
  return text
}

test('[S6] secrets do not reach the log, at any depth that is logged', () => {
  const secrets = {
    password: 'hunter2',
    currentPassword: 'hunter2',
    token: 'hunter2',
    secret: 'hunter2',
    cookie: 'session=hunter2',
    authorization: 'Bearer hunter2',
    'set-cookie': 'session=hunter2',
  }
  const text = logged({ ...secrets, body: secrets, req: { headers: secrets }, a: { b: { c: secrets } } })
  expect(text).toContain('"said"')
  expect(text).not.toContain('hunter2')
})

test('what is no secret is logged as it is', () => {
  expect(logged({ user: 'ana' })).toContain('"user":"ana"')
})

test('[S6] an error that carries a database connection is logged without it', () => {
  const err = Object.assign(new Error('lost'), { code: '57P01', client: { secretKey: 'hunter2' } })
  const text = logged({ err })
  expect(text).toContain('"code":"57P01"')
  expect(text).not.toContain('hunter2')
})
