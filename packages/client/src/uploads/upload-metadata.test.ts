import fc from 'fast-check'
import { expect, test } from 'vitest'
import { uploadMetadata } from './upload-metadata.ts'

const text = fc
  .array(fc.integer({ min: 0, max: 0x10ffff }), { maxLength: 40 })
  .map((points) => String.fromCodePoint(...points))

test('what is said of a file arrives as it was, in any script', () => {
  fc.assert(
    fc.property(text, (name) => {
      const [key, value = ''] = uploadMetadata({ filename: name }).split(' ')
      expect(key).toBe('filename')
      expect(value).toBe(Buffer.from(name.toWellFormed()).toString('base64'))
    }),
  )
})

test('several fields are told apart', () => {
  expect(uploadMetadata({ id: 'a', filename: 'ü' })).toBe('id YQ==,filename w7w=')
})
