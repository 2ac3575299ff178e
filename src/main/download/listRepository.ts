import { z } from 'zod';
import { AppError } from '../../shared/appError';
import type { Network } from './downloadOptions';
import type { HubListing } from './hubListing';
import { hostOf, type HubRepository } from './hubRepository';
import { listHuggingFace } from './listHuggingFace';
import { listModelScope } from './listModelScope';

const lists = { huggingFace: listHuggingFace, modelscope: listModelScope } as const;

/**
 * What a source says about a repository, and the commit to pin. Throws `download.offline`, `.stalled`, `.refused`,
 * `.rateLimited`, or `.invalidAnswer` for anything that cannot be such a listing.
 */
export async function listRepository(
  repository: HubRepository,
  network: Network,
  signal: AbortSignal,
): Promise<HubListing> {
  try {
    return await lists[repository.protocol](repository, network, signal);
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error;
    throw new AppError('download.invalidAnswer', { host: hostOf(repository) }, { cause: error });
  }
}
