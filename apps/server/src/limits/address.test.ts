import fc from 'fast-check'
import { expect, test } from 'vitest'
import { clientAddress, NO_ADDRESS } from './address.ts'

test.each([
  ['without a proxy it is who connected', '198.51.100.7', undefined, 0, '198.51.100.7'],
  [
    'without a trusted proxy the header is what the client says, and not believed',
    '198.51.100.7',
    '10.0.0.1',
    0,
    '198.51.100.7',
  ],
  ['one proxy: the last entry', '10.0.0.1', '203.0.113.9, 198.51.100.7', 1, '198.51.100.7'],
  ['two proxies: the last but one', '10.0.0.1', '6.6.6.6, 198.51.100.7, 10.0.0.2', 2, '198.51.100.7'],
  ['fewer entries than proxies: the farthest there is', '10.0.0.1', '198.51.100.7', 3, '198.51.100.7'],
  ['a proxy that says nothing', '10.0.0.1', undefined, 1, '10.0.0.1'],
  [
    'an entry that is no address ends what is believed',
    '10.0.0.1',
    '198.51.100.7, unknown, 10.0.0.2',
    3,
    '10.0.0.2',
  ],
  ['entries with a port', '10.0.0.1', '198.51.100.7:4711', 1, '198.51.100.7'],
  ['an IPv6 entry with a port', '10.0.0.1', '[2001:db8:1:2:3::4]:4711', 1, '2001:db8:1:2::/64'],
  ['IPv6 counts by its /64', '2001:db8:1:2:aaaa:bbbb:cccc:dddd', undefined, 0, '2001:db8:1:2::/64'],
  ['however it is written', '2001:0DB8:0:0:0:0:0:1', undefined, 0, '2001:db8:0:0::/64'],
  ['the short form', '::1', undefined, 0, '0:0:0:0::/64'],
  ['with a zone', 'fe80::1%eth0', undefined, 0, 'fe80:0:0:0::/64'],
  ['IPv4 on an IPv6 socket is IPv4', '::ffff:198.51.100.7', undefined, 0, '198.51.100.7'],
  ['the same in hexadecimal', '::ffff:c633:6407', undefined, 0, '198.51.100.7'],
  ['IPv4 behind a translator', '64:ff9b::198.51.100.7', undefined, 0, '198.51.100.7'],
  ['no address at all', undefined, undefined, 2, NO_ADDRESS],
])('%s', (_what, remote, forwarded, trusted, expected) => {
  expect(clientAddress(remote, forwarded, trusted)).toBe(expected)
})

test('whatever a client writes into the header, the address is the one that the trusted proxies saw', () => {
  fc.assert(
    fc.property(fc.string(), fc.ipV4(), fc.array(fc.ipV4(), { maxLength: 3 }), (said, client, proxies) => {
      const header = [said, client, ...proxies].join(', ')
      expect(clientAddress('127.0.0.1', header, proxies.length + 1)).toBe(client)
    }),
  )
})

test('two addresses of one /64 are one, of two are two', () => {
  fc.assert(
    fc.property(fc.ipV6(), fc.ipV6(), (a, b) => {
      const [one, other] = [clientAddress(a, undefined, 0), clientAddress(b, undefined, 0)]
      expect(one).not.toBe(NO_ADDRESS)
      const bits = (address: string): bigint =>
        BigInt(`0x${Buffer.from(expand(address)).toString('hex')}`) >> 64n
      if (!one.includes('.') && !other.includes('.')) expect(one === other).toBe(bits(a) === bits(b))
    }),
  )
})

/** Sixteen bytes, by another way than the code's own. */
function expand(address: string): number[] {
  const [head = '', tail] = address
    .replace(/(\d+)\.(\d+)\.(\d+)\.(\d+)$/, (_all, ...parts: string[]) => {
      const [a = 0, b = 0, c = 0, d = 0] = parts.slice(0, 4).map(Number)
      return `${(a * 256 + b).toString(16)}:${(c * 256 + d).toString(16)}`
    })
    .split('::')
  const split = (part: string): string[] => part.split(':').filter((group) => group !== '')
  const after = split(tail ?? '')
  const before = split(head)
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => '0')
  return [...before, ...zeros, ...after].flatMap((group) => {
    const value = Number.parseInt(group, 16)
    return [value >> 8, value & 255]
  })
}
