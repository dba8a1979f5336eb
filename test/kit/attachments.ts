import { randomUUID } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DEFAULT_LIMITS } from '@parley/protocol'
import {
  type Attachments,
  type AttachmentsOptions,
  createAttachments,
} from '../../apps/server/src/attachments/attachments.ts'
import { createDiskStore } from '../../apps/server/src/attachments/disk-store.ts'
import { createLogger } from '../../apps/server/src/logger.ts'

type Given = Pick<AttachmentsOptions, 'db'> & Partial<AttachmentsOptions>

/** Attachments on this disk. Without a `dataDir` they are in a folder that is made when something is uploaded. */
export function createTestAttachments({
  dataDir = join(tmpdir(), `parley-test-files-${randomUUID()}`),
  ...given
}: Given): Attachments {
  return createAttachments({
    files: createDiskStore(join(dataDir, 'attachments')),
    dataDir,
    limits: DEFAULT_LIMITS,
    now: Date.now,
    logger: createLogger('silent'),
    ...given,
  })
}
