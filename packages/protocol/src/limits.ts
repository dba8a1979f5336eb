/** What a server allows; each value has a `LIMIT_…` variable, and a refusal names the one it met. */
export interface Limits {
  readonly messageBytes: number
  readonly attachmentsPerMessage: number
  readonly attachmentBytes: number
  readonly groupMembers: number
  readonly titleCharacters: number
  readonly commandsPerSecond: number
  readonly commandsBurst: number
  readonly outboxCommands: number
  readonly accountBytes: number
  readonly frameBytes: number
}

export const DEFAULT_LIMITS: Limits = {
  messageBytes: 16 * 1024,
  attachmentsPerMessage: 10,
  attachmentBytes: 100 * 1024 * 1024,
  groupMembers: 1000,
  titleCharacters: 120,
  commandsPerSecond: 20,
  commandsBurst: 60,
  outboxCommands: 10_000,
  accountBytes: 4 * 1024 * 1024,
  frameBytes: 8 * 1024 * 1024,
}
