/**
 * The version of everything that leaves a process: documents, commands, events, stateless messages
 * and REST. A device may come back after a year, so a higher version still reads the lower ones.
 * wire.test.ts fails when the wire changes and this does not.
 */
export const PROTOCOL_VERSION = 1
