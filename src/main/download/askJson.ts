import { AppError } from '../../shared/appError';
import { askHub, orOffline, readerOf, type Question } from './askHub';
import type { Network } from './downloadOptions';
import { orStalled } from './stall';

/** A listing of ten thousand files takes about three megabytes. */
const maxBytes = 16 << 20;

/** An answer in JSON with its headers; throws what askHub throws, and `download.invalidAnswer` for anything but JSON. */
export async function askJson(
  question: Question,
  network: Network,
  signal: AbortSignal,
): Promise<{ json: unknown; headers: Headers }> {
  const response = await askHub(question, network, signal);
  const text = await readText(response, question.host, { network, signal });
  try {
    return { json: JSON.parse(text), headers: response.headers };
  } catch (cause) {
    throw new AppError('download.invalidAnswer', { host: question.host }, { cause });
  }
}

async function readText(
  response: Response,
  host: string,
  { network, signal }: { network: Network; signal: AbortSignal },
): Promise<string> {
  const reader = readerOf(response);
  const decoder = new TextDecoder();
  let text = '';
  for (let length = 0; reader !== undefined;) {
    const { value, done } = await orOffline(orStalled(reader.read(), network.clock, host), host, signal);
    if (done) break;
    length += value.length;
    if (length > maxBytes) throw new AppError('download.invalidAnswer', { host });
    text += decoder.decode(value, { stream: true });
  }
  return text + decoder.decode();
}
