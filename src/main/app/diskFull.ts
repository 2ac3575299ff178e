import { AppError } from '../../shared/appError';

/** As SQLite and the file system say that a write found no room, or a disk that refuses it. */
const codes: readonly unknown[] = ['SQLITE_FULL', 'SQLITE_IOERR', 'ENOSPC', 'EDQUOT'];

/** `store.diskFull` in place of an error that means it; any other error as it is. */
export const asDiskFull = (error: Error): Error =>
  'code' in error && codes.includes(error.code) ? new AppError('store.diskFull', {}, { cause: error }) : error;

export const isDiskFull = (error: unknown): boolean => error instanceof AppError && error.code === 'store.diskFull';
