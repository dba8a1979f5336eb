import { join } from 'node:path'
import type { Config } from '../config.ts'
import type { Logger } from '../logger.ts'
import { OperatorError } from '../operator-error.ts'
import { createDiskStore } from './disk-store.ts'
import type { FileStore } from './file-store.ts'
import { createS3Store } from './s3-store.ts'

/**
 * Where this server keeps attachments. Rejects with an {@link OperatorError} where the configuration
 * is wrong; a store that is only away at the moment keeps nobody from talking.
 */
export async function openFiles(
  { s3, dataDir }: Pick<Config, 's3' | 'dataDir'>,
  logger: Logger,
): Promise<FileStore> {
  const files = s3 === undefined ? createDiskStore(join(dataDir, 'attachments')) : createS3Store(s3)
  try {
    await files.check()
  } catch (error) {
    if (error instanceof OperatorError) throw error
    logger.warn({ err: error }, 'attachments cannot be kept at the moment')
  }
  return files
}
