/** What a server allows; each value has a `LIMIT_…` variable, and a refusal names the one it met. */
export interface Limits {
  readonly messageBytes: number
  readonly attachmentsPerMessage: number
  readonly attachmentBytes: number
  /** Of one user, under way or finished, that no message names yet: how many, and how much together. */
  readonly pendingUploads: number
  readonly pendingUploadBytes: number
  readonly groupMembers: number
  readonly titleCharacters: number
  /** Of one user, through the outbox, which then waits, and through REST, which then refuses. */
  readonly commandsPerSecond: number
  readonly commandsBurst: number
  readonly outboxCommands: number
  readonly accountBytes: number
  readonly frameBytes: number
  /** To `/api`, by one user. */
  readonly requestsPerSecond: number
  readonly requestsBurst: number
  /** To `/api`, from one address, behind which there may be many people. */
  readonly addressRequestsPerSecond: number
  readonly addressRequestsBurst: number
  /** WebSockets that one user has open at once. */
  readonly socketsPerUser: number
  /** WebSockets that are opened from one address. */
  readonly addressSocketsPerSecond: number
  readonly addressSocketsBurst: number
  readonly documentsPerSocket: number
  /** What one user's sockets send; each 16 KiB of a frame count as one. Past that it is read more slowly. */
  readonly framesPerSecond: number
  readonly framesBurst: number
  /** How often others in a conversation hear of a change of one user's typing or activity there. */
  readonly presencePerSecond: number
  readonly presenceBurst: number
  readonly signUpsPerHour: number
  readonly addressSignUpsPerHour: number
  /** Wrong passwords for one account from one address before there is a wait, which doubles with each further one. */
  readonly logInFailures: number
  readonly logInWaitSeconds: number
  /** Wrong passwords for one account, wherever they come from. */
  readonly accountLogInFailuresPerHour: number
  /** Wrong passwords from one address, for whatever account. */
  readonly addressLogInFailuresPerHour: number
}

export const DEFAULT_LIMITS: Limits = {
  messageBytes: 16 * 1024,
  attachmentsPerMessage: 10,
  attachmentBytes: 100 * 1024 * 1024,
  pendingUploads: 100,
  pendingUploadBytes: 1024 * 1024 * 1024,
  groupMembers: 1000,
  titleCharacters: 120,
  commandsPerSecond: 20,
  commandsBurst: 60,
  outboxCommands: 10_000,
  accountBytes: 4 * 1024 * 1024,
  frameBytes: 8 * 1024 * 1024,
  requestsPerSecond: 100,
  requestsBurst: 400,
  addressRequestsPerSecond: 500,
  addressRequestsBurst: 2000,
  socketsPerUser: 50,
  addressSocketsPerSecond: 20,
  addressSocketsBurst: 500,
  documentsPerSocket: 1000,
  framesPerSecond: 200,
  framesBurst: 2000,
  presencePerSecond: 2,
  presenceBurst: 10,
  signUpsPerHour: 1000,
  addressSignUpsPerHour: 30,
  logInFailures: 5,
  logInWaitSeconds: 900,
  accountLogInFailuresPerHour: 100,
  addressLogInFailuresPerHour: 300,
}
