import { rest } from '@parley/protocol'
import { type Chapter, shape } from './chapter.ts'
import { AT, GROUP, MESSAGE } from './examples.ts'

const VERSION = '`1.0.0`, the version of the protocol that the request is in.'
const NOT_YOURS = 'There is no such upload, it is not yours, or it was given up.'
const NOT_READABLE = 'You may not have this file, or there is none.'
const SPOKEN = { 412: '`Tus-Resumable` names another version; `Tus-Version` says which one is spoken here.' }

const UPLOADING =
  'This is the resumable upload protocol tus 1.0.0 (tus.io), for which there are clients in most languages: give ' +
  'them this address. By hand: this request, then `PATCH` to the `Location` that it answers.\n\n' +
  '`Upload-Metadata` has `conversation`, and may have `filename`, `filetype` (a hint: the server looks for itself) ' +
  'and `id`, the attachment id, if you have to name it before you can send it. Each is a key, a space and the value ' +
  'in Base64, with commas between them.\n\n' +
  'With the body of type `application/offset+octet-stream` the first bytes come along. Sent again with the same ' +
  '`id`, it is the same upload: `Upload-Offset` says how much of it is there.'

export const ATTACHMENTS: Chapter = {
  name: 'Attachments',
  about:
    'Files of messages. Upload one to the conversation, then send a message that names its id; until then only you ' +
    'see it, and after a day without such a message it is removed. Connections may break: what has arrived stays, ' +
    'and `HEAD` says how much it is.',
  shapes: [
    shape(
      rest.upload,
      'Upload',
      'A file on its way in, or just arrived.',
      {
        id: 'That of the attachment.',
        conversation: 'The only one whose messages can name it.',
        name: 'What it is called, without what has no place in a name.',
        offset: 'How many bytes are there.',
        length: 'How many it is going to have, once that is known.',
        expiresAt: 'When it is given up unless more of it arrives.',
        attachment: 'Once everything has arrived: as a message will name it.',
      },
      {
        id: MESSAGE,
        conversation: GROUP,
        name: 'harbour.jpg',
        offset: 1_048_576,
        length: 3_145_728,
        expiresAt: AT,
      },
    ),
  ],
  operations: {
    'POST /api/uploads': {
      id: 'createUpload',
      about: UPLOADING,
      parameters: {
        'tus-resumable': VERSION,
        'upload-length': 'How many bytes the file has.',
        'upload-defer-length': '`1`, instead of `Upload-Length`, if you do not know yet.',
        'upload-metadata': 'What and where it is.',
      },
      answers: { 201: 'Begun, or begun before. With all bytes along: an attachment.', ...SPOKEN },
      refusals: {
        forbidden: 'You may not send anything there, or there is no such conversation.',
        not_friends: 'You are no longer friends, or one of you has blocked the other.',
        archived: 'The conversation is archived.',
        conflict: 'The `id` stands for another file, or for somebody else’s.',
        too_large:
          'The file is too large, or too much of yours waits for a message that names it; the message names the limit.',
        not_found: 'The upload was given up meanwhile.',
      },
      takesKey: true,
    },
    'GET /api/uploads/{id}': {
      id: 'upload',
      about:
        'As tus has it, with `HEAD`: then headers say it (`Upload-Offset`, `Upload-Length`, `Upload-Expires`).',
      parameters: { id: 'The upload.' },
      answers: { ...SPOKEN },
      refusals: {
        not_found: NOT_YOURS,
        forbidden: 'You may no longer send anything there.',
        not_friends: 'You are no longer friends, or one of you has blocked the other.',
        archived: 'The conversation is archived.',
      },
    },
    'PATCH /api/uploads/{id}': {
      id: 'appendUpload',
      about:
        'The answer to the last of it means that the file is an attachment: measured, named, and safe on the disk.',
      parameters: {
        id: 'The upload.',
        'tus-resumable': VERSION,
        'upload-offset': 'How many bytes are there already, as the answer before, or `HEAD`, says.',
        'upload-length': 'How many there are going to be, if that was left open.',
      },
      answers: { 204: 'The bytes are safe.', ...SPOKEN },
      refusals: {
        forbidden: 'You may no longer send anything there.',
        not_friends: 'You are no longer friends, or one of you has blocked the other.',
        archived: 'The conversation is archived.',
        not_found: NOT_YOURS,
        conflict: '`Upload-Offset` is not how much is there, or another request has taken over.',
        too_large: 'That is more than was said, or than the limit allows.',
      },
    },
    'DELETE /api/uploads/{id}': {
      id: 'discardUpload',
      about: 'Also one that is finished, as long as no message names it.',
      parameters: { id: 'The upload.', 'tus-resumable': VERSION },
      answers: { 204: 'Gone.', ...SPOKEN },
      refusals: { not_found: NOT_YOURS, conflict: 'A message names it: it stays.' },
    },
    'GET /api/attachments/{id}': {
      id: 'attachment',
      about:
        'For members of the conversation, once a message names it; until then for who uploaded it. It never changes, ' +
        'and the answer says so. A part of it can be asked for with `Range`.\n\n' +
        'Pictures, sound and films may be shown where they are; everything else is to be saved.',
      parameters: { id: 'The attachment.' },
      answers: {
        200: 'The file.',
        206: 'The part of it that was asked for.',
        304: 'You have it already (`If-None-Match`).',
        416: 'It has no such bytes.',
      },
      refusals: { forbidden: NOT_READABLE },
    },
    'GET /api/attachments/{id}/preview': {
      id: 'attachmentPreview',
      about:
        'At most 480 pixels wide and high, the way up it was taken, without what the camera noted. Of every ' +
        'attachment that has a width and a height.',
      parameters: { id: 'The attachment.' },
      answers: {
        200: 'The picture.',
        206: 'A part of it.',
        304: 'You have it already.',
        416: 'It has no such bytes.',
      },
      refusals: { forbidden: NOT_READABLE, not_found: 'This file has no preview.' },
    },
  },
}
