import { expect, test } from 'vitest'
import { pictureAddress } from './picture-address.ts'

const HASH = 'ab'.repeat(32)

test('only pictures that this server has made are shown; what else stands there is never fetched', () => {
  expect(pictureAddress(`/api/avatars/${HASH}`)).toBe(`/api/avatars/${HASH}`)
  for (const text of [
    undefined,
    '',
    'attachment/1',
    `https://evil.example/api/avatars/${HASH}`,
    `//evil.example/api/avatars/${HASH}`,
    `/api/avatars/${HASH}/../../users/me`,
    `/api/avatars/${HASH}?track=1`,
    `/api/avatars/${HASH}\n`,
    'javascript:alert(1)',
    'data:image/png;base64,AAAA',
  ])
    expect(pictureAddress(text)).toBeUndefined()
})
