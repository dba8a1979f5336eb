-- Reaching people who have no connection, over the push service of their browser.

-- What push services know this server by: made once, by whichever node comes first.
CREATE TABLE push_keys (
  is_only     boolean PRIMARY KEY DEFAULT true CHECK (is_only),
  public_key  bytea NOT NULL,
  private_key bytea NOT NULL
);

-- Where a device is reached, and what it is encrypted for. It ends with the device's session (S4).
CREATE TABLE push_subscriptions (
  session    bytea PRIMARY KEY REFERENCES sessions ON DELETE CASCADE,
  user_id    uuid NOT NULL REFERENCES users ON DELETE CASCADE,
  endpoint   text NOT NULL UNIQUE,
  p256dh     bytea NOT NULL,
  auth       bytea NOT NULL,
  created_at bigint NOT NULL
);
CREATE INDEX push_subscriptions_user ON push_subscriptions (user_id);

-- What a person wants to be told of: the entries of their account document that say so, for when no
-- device of theirs has it open.
CREATE TABLE notification_preferences (
  user_id uuid PRIMARY KEY REFERENCES users ON DELETE CASCADE,
  entries jsonb NOT NULL
);
