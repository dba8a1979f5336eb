import { createECDH } from 'node:crypto'
import { expect, test } from 'vitest'
import { encrypted, isReceiver, MAX_PLAIN_BYTES } from './encryption.ts'

const bytes = (text: string): Buffer => Buffer.from(text, 'base64url')

/** The example of RFC 8291, appendix A. */
const RECEIVER = {
  p256dh: bytes('BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4'),
  auth: bytes('BTBZMqHH6r4Tts7J_aSIgg'),
}

test('a message is encrypted exactly as in the example of RFC 8291', () => {
  const keys = createECDH('prime256v1')
  keys.setPrivateKey(bytes('yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw'))
  const plain = Buffer.from('When I grow up, I want to be a watermelon')
  expect(encrypted(plain, RECEIVER, keys, bytes('DGv6ra1nlYgDCS1FRnbzlw')).toString('base64url')).toBe(
    'DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_' +
      'yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN',
  )
})

test('the same message is never encrypted alike, and the largest one fits', () => {
  const plain = Buffer.alloc(MAX_PLAIN_BYTES, 'x')
  const [one, other] = [encrypted(plain, RECEIVER), encrypted(plain, RECEIVER)]
  expect(one.equals(other)).toBe(false)
  expect(one.length).toBe(4096)
})

test('what is no point of the curve, or too short, is no receiver', () => {
  expect(isReceiver(RECEIVER)).toBe(true)
  expect(isReceiver({ ...RECEIVER, auth: Buffer.alloc(15) })).toBe(false)
  expect(isReceiver({ ...RECEIVER, p256dh: Buffer.alloc(65, 4) })).toBe(false)
  expect(isReceiver({ ...RECEIVER, p256dh: RECEIVER.p256dh.subarray(1) })).toBe(false)
})
