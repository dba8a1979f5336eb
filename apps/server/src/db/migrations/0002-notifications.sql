-- Sending one notification over one transport (push, a webhook): written together with the
-- notification and gone with it, so that what was read elsewhere is not sent any more (R3).
CREATE TABLE notification_jobs (
  notification uuid NOT NULL REFERENCES notifications ON DELETE CASCADE,
  transport    text NOT NULL,
  due_at       bigint NOT NULL,
  attempts     integer NOT NULL DEFAULT 0,
  PRIMARY KEY (notification, transport)
);
CREATE INDEX notification_jobs_due ON notification_jobs (transport, due_at);

-- What is read in a conversation is withdrawn by place.
CREATE INDEX notifications_conversation ON notifications (conversation, user_id, seq);
CREATE INDEX notifications_request ON notifications (request_id) WHERE request_id IS NOT NULL;
-- Listed and acknowledged in the order of their ids, which is that of their making.
CREATE INDEX notifications_waiting ON notifications (user_id, id);
DROP INDEX notifications_user;
