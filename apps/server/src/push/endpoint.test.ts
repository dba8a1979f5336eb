import { expect, test } from 'vitest'
import { isPublicAddress, whyNoEndpoint } from './endpoint.ts'

test.each([
  'https://fcm.googleapis.com/fcm/send/abc:def',
  'https://updates.push.services.mozilla.com/wpush/v2/abc',
  'https://web.push.apple.com/QOb',
  'https://wns2-par02p.notify.windows.com/w/?token=abc',
])('%s is where a browser is reached', (endpoint) => expect(whyNoEndpoint(endpoint)).toBeUndefined())

test.each([
  'http://fcm.googleapis.com/fcm/send/abc',
  'https://fcm.googleapis.com:8443/fcm/send/abc',
  'https://user@fcm.googleapis.com/fcm/send/abc',
  'https://fcm.googleapis.com.example.org/abc',
  'https://evilpush.apple.com.example/abc',
  'https://notpush.apple.community/abc',
  'https://127.0.0.1/abc',
  'https://[::1]/abc',
  'https://localhost/abc',
  'https://intranet/abc',
  'file:///etc/passwd',
  'nonsense',
])('[S5] %s is not called', (endpoint) => expect(whyNoEndpoint(endpoint)).toBeDefined())

test.each(['142.250.74.42', '17.188.143.34', '2a00:1450:4001:80e::200a', '2620:149:208:4306::b'])(
  '%s is public',
  (address) => expect(isPublicAddress(address)).toBe(true),
)

test.each([
  '127.0.0.1',
  '10.1.2.3',
  '172.31.255.255',
  '192.168.0.1',
  '169.254.169.254',
  '100.100.100.100',
  '0.0.0.0',
  '255.255.255.255',
  '::',
  '::1',
  '::ffff:127.0.0.1',
  'fe80::1',
  'fd00::1',
  '64:ff9b::7f00:1',
  '2002:7f00:1::',
])('[S5] %s is not public', (address) => expect(isPublicAddress(address)).toBe(false))
