import { isIP } from 'node:net'

/** Somebody whose address is not known: over a Unix socket, or asked without a socket at all. */
export const NO_ADDRESS = 'unknown'

/**
 * Whose limits a request counts against: the client's IPv4 address, or the /64 of its IPv6 address,
 * since a household or a host has a whole one. `forwarded` is the header X-Forwarded-For, to which each
 * of the trusted proxies in front has added who spoke to it, at the right end. What stands further left
 * was said by the client, who may say anything.
 */
export function clientAddress(
  remote: string | undefined,
  forwarded: string | undefined,
  trustedProxies: number,
): string {
  const hops = trustedProxies === 0 ? [] : (forwarded ?? '').split(',').slice(-trustedProxies).toReversed()
  let nearest = networkOf(remote ?? '')
  for (const hop of hops) {
    const network = networkOf(hop)
    // What is no address says nothing of who stands behind it.
    if (network === undefined) break
    nearest = network
  }
  return nearest ?? NO_ADDRESS
}

/** The address that is counted; undefined for what is none. Some proxies add a port. */
function networkOf(text: string): string | undefined {
  const [, bracketed, port4] = /^(?:\[([^\]]*)\](?::\d+)?|([\d.]+):\d+)$/.exec(text.trim()) ?? []
  const address = (bracketed ?? port4 ?? text.trim()).replace(/%.*$/, '')
  if (isIP(address) === 4) return address
  if (isIP(address) !== 6) return undefined
  const groups = groupsOf(address)
  return embedsIpv4(groups) ? ipv4In(groups) : `${groups.slice(0, 4).map(hex).join(':')}::/64`
}

/** The eight numbers of an IPv6 address. */
function groupsOf(address: string): number[] {
  // The URL parser writes the dotted end of some addresses in hexadecimal, like the rest.
  const { hostname } = new URL(`http://[${address}]`)
  const [head, tail] = hostname
    .slice(1, -1)
    .split('::')
    .map((part) => part.split(':').flatMap((group) => (group === '' ? [] : [Number.parseInt(group, 16)])))
  const before = head ?? []
  const after = tail ?? []
  return [...before, ...Array.from({ length: 8 - before.length - after.length }, () => 0), ...after]
}

/** An IPv4 client on an IPv6 socket (::ffff:0:0/96), or one behind a translator (64:ff9b::/96): else all of them were one network. */
const embedsIpv4 = (groups: readonly number[]): boolean =>
  ['0:0:0:0:0:ffff', '64:ff9b:0:0:0:0'].includes(groups.slice(0, 6).map(hex).join(':'))

const ipv4In = (groups: readonly number[]): string =>
  groups
    .slice(6)
    .flatMap((group) => [group >> 8, group & 255])
    .join('.')

const hex = (group: number): string => group.toString(16)
