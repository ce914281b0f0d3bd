import ipaddr from 'ipaddr.js';

/** Addresses that are anybody's on the Internet begin so; all else that IPv6 has is for some use of its own. */
const GLOBAL_UNICAST = ipaddr.parseCIDR('2000::/3');

/**
 * Whether an address of a host is a public one: not of this machine, of a network behind it, or of any special use; an IPv6
 * address that stands for an IPv4 one (mapped, NAT64, 6to4, Teredo) is none. False for what is no address.
 */
export function isPublicAddress(text: string): boolean {
  if (!ipaddr.isValid(text)) return false;
  const address = ipaddr.parse(text);
  if (address.range() !== 'unicast') return false;
  return address.kind() === 'ipv4' || address.match(GLOBAL_UNICAST);
}
