/** How the parts of a statement that notifies are named where it stands. */
export interface NotifyParts {
  /** Notices as a JSON array, each with `ids` for its users. */
  readonly notices: string
  /** Who has been heard of since then is there to see it. */
  readonly presentSince: string
  /** Names of transports, as `text[]`. */
  readonly transports: string
  /** What else a notice must meet, as a join on `n`. */
  readonly onlyIf?: string
}

export const NOTIFICATION_COLUMNS =
  'id, user_id, kind, conversation, seq, event_id, request_id, actor, created_at'

/**
 * The parts of a statement that leave notifications: to those of a notice's users who are not there
 * and have not blocked who it is about, once each (R3), with a job for each transport. `notified` holds
 * the new rows.
 */
export const notifyCtes = ({ notices, presentSince, transports, onlyIf = '' }: NotifyParts): string => `
notified AS (
  INSERT INTO notifications (${NOTIFICATION_COLUMNS})
  SELECT told.id, told.user_id, n.kind, n.conversation, n.seq, n.event, n.request, n.actor, n.at
  FROM json_to_recordset(${notices}::json)
    AS n (kind text, conversation uuid, seq bigint, event uuid, request uuid, actor uuid, at bigint,
          users uuid[], ids uuid[])
  ${onlyIf}
  CROSS JOIN unnest(n.users, n.ids) AS told (user_id, id)
  WHERE NOT EXISTS (SELECT FROM active_connections a
                    WHERE a.user_id = told.user_id AND a.heartbeat_at > ${presentSince}::bigint)
    AND NOT EXISTS (SELECT FROM blocks b WHERE b.blocker = told.user_id AND b.blocked = n.actor)
  ON CONFLICT DO NOTHING
  RETURNING ${NOTIFICATION_COLUMNS}
), jobs AS (
  INSERT INTO notification_jobs (notification, transport, due_at)
  SELECT n.id, transport, n.created_at FROM notified n CROSS JOIN unnest(${transports}::text[]) AS transport
)`
