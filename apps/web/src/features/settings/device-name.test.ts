import { expect, test } from 'vitest'
import { deviceName } from './device-name.ts'

test('browsers are told apart from those they pretend to be', () => {
  const edge = 'Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/142.0 Safari/537.36 Edg/142.0'
  const iphone =
    'Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605 Version/19.0 Mobile/15E Safari/604'
  const android = 'Mozilla/5.0 (Linux; Android 16) AppleWebKit/537.36 Chrome/142.0 Mobile Safari/537.36'
  expect(deviceName(edge)).toEqual({ browser: 'Edge', system: 'Windows' })
  expect(deviceName(iphone)).toEqual({ browser: 'Safari', system: 'iPhone' })
  expect(deviceName(android)).toEqual({ browser: 'Chrome', system: 'Android' })
})

test('a program without a browser has no such name', () => {
  expect(deviceName('curl/8.0')).toBeUndefined()
})
