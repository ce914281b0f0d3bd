import type { IncomingMessage } from 'node:http';

/** Header that tells functions and database where a call comes from: the one that hosted projects have (`app.settings.address_header`). */
export const callerAddressHeader = 'cf-connecting-ip';

/** Writes the address of the socket where functions and database look for it, in place of what the caller claims. */
export function sayCallerAddress(request: IncomingMessage): void {
  const { rawHeaders } = request;
  for (let index = rawHeaders.length - 2; index >= 0; index -= 2)
    if (rawHeaders[index]?.toLowerCase() === callerAddressHeader) rawHeaders.splice(index, 2);
  rawHeaders.push(callerAddressHeader, request.socket.remoteAddress ?? '');
}
