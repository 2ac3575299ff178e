import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Fault } from './fault';

/** Answers in place of what was asked for, for the faults that are of that kind. False: the answer itself is to be faulty. */
export function misbehave(fault: Fault | null, request: IncomingMessage, response: ServerResponse): boolean {
  if (fault === null) return false;
  if (fault.kind === 'circle') response.writeHead(302, { location: request.url }).end();
  else if (fault.kind === 'redirect') response.writeHead(302, { location: fault.to }).end();
  else if (fault.kind === 'status') response.writeHead(fault.status, retryAfter(fault)).end();
  else if (fault.kind === 'page') response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(page);
  else if (fault.kind === 'drop' && fault.afterBytes === null) response.destroy();
  else return fault.kind === 'stall' && fault.afterBytes === null;
  return true;
}

const page = '<html><title>Sign in to this network</title></html>';

const retryAfter = ({ retryAfter: value }: Fault & { kind: 'status' }): Record<string, string> =>
  value === undefined ? {} : { 'retry-after': value };
