import { BlockList, isIPv6 } from 'node:net'

/**
 * The push services of browsers. A person names the address that their server is to call: any other could be made to
 * hear from it, also one that only the server can reach.
 */
const SERVICES = [
  // Chrome, Edge on Android, Samsung Internet, Opera, Brave.
  'fcm.googleapis.com',
  'jmt17.google.com',
  // Firefox.
  'push.services.mozilla.com',
  // Safari.
  'push.apple.com',
  // Edge.
  'notify.windows.com',
]

/** Why nothing is sent to such an address; undefined: it may be. */
export function whyNoEndpoint(text: string): string | undefined {
  const url = URL.parse(text)
  if (url?.protocol !== 'https:' || url.port !== '' || url.username !== '' || url.password !== '')
    return 'an endpoint is an https address without a port or a user'
  const isKnown = SERVICES.some((service) => url.hostname === service || url.hostname.endsWith(`.${service}`))
  return isKnown ? undefined : `${url.hostname} is no push service that this server knows`
}

const NOT_PUBLIC = new BlockList()
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const)
  NOT_PUBLIC.addSubnet(network, prefix, 'ipv4')

/** All that is given out to anybody: everything else of IPv6 is for local or special use. */
const GLOBAL = new BlockList()
GLOBAL.addSubnet('2000::', 3, 'ipv6')
for (const [network, prefix] of [
  ['2001:db8::', 32],
  // These carry an IPv4 address, whichever it is.
  ['2001::', 32],
  ['2002::', 16],
] as const)
  NOT_PUBLIC.addSubnet(network, prefix, 'ipv6')

/** Whether an address is one of the public internet: a name of anybody's may stand for an address in here. */
export const isPublicAddress = (address: string): boolean =>
  isIPv6(address)
    ? GLOBAL.check(address, 'ipv6') && !NOT_PUBLIC.check(address, 'ipv6')
    : !NOT_PUBLIC.check(address, 'ipv4')
