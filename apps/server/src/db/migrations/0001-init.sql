-- Times are integer milliseconds since the epoch (UTC), as in the protocol.

CREATE TABLE users (
  id             uuid PRIMARY KEY,
  email          text,
  username       text,
  name           text NOT NULL,
  avatar         text,
  is_admin       boolean NOT NULL DEFAULT false,
  created_at     bigint NOT NULL,
  last_active_at bigint,
  disabled_at    bigint,
  -- A deleted user keeps the row, so that the log keeps its author, and loses everything else in it.
  deleted_at     bigint,
  CHECK (deleted_at IS NOT NULL OR (email IS NOT NULL AND username IS NOT NULL))
);
CREATE UNIQUE INDEX users_email ON users (lower(email));
CREATE UNIQUE INDEX users_username ON users (username text_pattern_ops);
CREATE INDEX users_name ON users (lower(name) text_pattern_ops) WHERE deleted_at IS NULL;

CREATE TABLE credentials (
  user_id       uuid PRIMARY KEY REFERENCES users ON DELETE CASCADE,
  password_hash text NOT NULL,
  changed_at    bigint NOT NULL
);

-- Keys are the SHA-256 of the secret that the client holds: a stolen database opens no session (S6).
CREATE TABLE sessions (
  id_hash    bytea PRIMARY KEY,
  user_id    uuid NOT NULL REFERENCES users ON DELETE CASCADE,
  created_at bigint NOT NULL,
  expires_at timestamptz NOT NULL,
  user_agent text
);
CREATE INDEX sessions_user ON sessions (user_id);
CREATE INDEX sessions_expiry ON sessions (expires_at);

CREATE TABLE tokens (
  id           uuid PRIMARY KEY,
  user_id      uuid NOT NULL REFERENCES users ON DELETE CASCADE,
  secret_hash  bytea NOT NULL UNIQUE,
  name         text NOT NULL,
  created_at   bigint NOT NULL,
  last_used_at bigint
);
CREATE INDEX tokens_user ON tokens (user_id);

-- The tip of each log and what the log has made of it; an append succeeds only while last_seq is
-- still what the appending node believes (log/append-statement.ts).
CREATE TABLE conversations (
  id         uuid PRIMARY KEY,
  kind       text NOT NULL CHECK (kind IN ('direct', 'group', 'channel')),
  title      text NOT NULL DEFAULT '',
  topic      text NOT NULL DEFAULT '',
  avatar     text NOT NULL DEFAULT '',
  archived   boolean NOT NULL DEFAULT false,
  posting    text NOT NULL DEFAULT 'members' CHECK (posting IN ('members', 'admins')),
  inviting   text NOT NULL DEFAULT 'admins' CHECK (inviting IN ('admins', 'members')),
  created_by uuid NOT NULL REFERENCES users,
  created_at bigint NOT NULL,
  last_seq   bigint NOT NULL DEFAULT 0,
  last_hash  text NOT NULL DEFAULT '',
  last_at    bigint NOT NULL DEFAULT 0,
  -- The row stays behind as a tombstone, so that a create that is sent again does not bring it back.
  deleted_at bigint
) WITH (fillfactor = 70);
CREATE INDEX conversations_channels ON conversations (lower(title) text_pattern_ops)
  WHERE kind = 'channel' AND deleted_at IS NULL;

CREATE TABLE participants (
  conversation uuid NOT NULL REFERENCES conversations ON DELETE CASCADE,
  user_id      uuid NOT NULL REFERENCES users,
  role         text NOT NULL CHECK (role IN ('owner', 'admin', 'member')),
  since_seq    bigint NOT NULL,
  read_seq     bigint NOT NULL DEFAULT 0,
  PRIMARY KEY (conversation, user_id)
);
CREATE INDEX participants_user ON participants (user_id);

-- The log. Rows are inserted and never updated; only deleting the whole conversation removes them (L6).
-- No foreign key: the append statement inserts only beside the conversation's row that it has just
-- moved, and a key would check that row again for every event.
CREATE TABLE events (
  conversation uuid NOT NULL,
  seq          bigint NOT NULL,
  -- The id of the command that caused it: what makes a repeat a repeat (C1).
  id           uuid NOT NULL,
  type         text NOT NULL,
  author       uuid NOT NULL,
  at           bigint NOT NULL,
  hash         text NOT NULL,
  payload      jsonb NOT NULL,
  PRIMARY KEY (conversation, seq)
);
CREATE UNIQUE INDEX events_id ON events (id);
-- So that counting unread mentions reads only messages that mention somebody (R2).
CREATE INDEX events_mentions ON events (conversation, seq) WHERE type = 'message' AND payload ? 'mentions';
CREATE INDEX events_reactions ON events (conversation, ((payload ->> 'to')), author, seq) WHERE type = 'reaction';

-- Commands that took effect without an event of their own id: friendships, deletions, and what was
-- already so. Without the row a late repeat would be decided a second time (C1).
CREATE TABLE settled_commands (
  id     uuid PRIMARY KEY,
  author uuid NOT NULL,
  at     bigint NOT NULL
);

-- Yjs documents. A conversation's state is a cache of its log up to seq; an account's is the truth.
CREATE TABLE documents (
  name       text PRIMARY KEY,
  state      bytea NOT NULL,
  seq        bigint,
  updated_at bigint NOT NULL
);

CREATE TABLE friend_requests (
  id          uuid PRIMARY KEY,
  from_user   uuid NOT NULL REFERENCES users,
  to_user     uuid NOT NULL REFERENCES users,
  status      text NOT NULL DEFAULT 'PENDING' CHECK (status IN ('PENDING', 'ACCEPTED', 'REJECTED')),
  created_at  bigint NOT NULL,
  answered_at bigint,
  CHECK (from_user <> to_user)
);
CREATE UNIQUE INDEX friend_requests_pending ON friend_requests (from_user, to_user) WHERE status = 'PENDING';
CREATE INDEX friend_requests_to ON friend_requests (to_user, status, created_at);
CREATE INDEX friend_requests_from ON friend_requests (from_user, status, created_at);

-- An unordered pair: user_a is the smaller id.
CREATE TABLE friendships (
  user_a uuid NOT NULL REFERENCES users,
  user_b uuid NOT NULL REFERENCES users,
  since  bigint NOT NULL,
  PRIMARY KEY (user_a, user_b),
  CHECK (user_a < user_b)
);
CREATE INDEX friendships_b ON friendships (user_b);

CREATE TABLE blocks (
  blocker uuid NOT NULL REFERENCES users,
  blocked uuid NOT NULL REFERENCES users,
  at      bigint NOT NULL,
  PRIMARY KEY (blocker, blocked)
);
CREATE INDEX blocks_blocked ON blocks (blocked);

CREATE TABLE active_connections (
  id           uuid PRIMARY KEY,
  user_id      uuid NOT NULL REFERENCES users ON DELETE CASCADE,
  node         uuid NOT NULL,
  connected_at bigint NOT NULL,
  heartbeat_at bigint NOT NULL
);
CREATE INDEX active_connections_user ON active_connections (user_id);
CREATE INDEX active_connections_heartbeat ON active_connections (heartbeat_at);

CREATE TABLE notifications (
  id           uuid PRIMARY KEY,
  user_id      uuid NOT NULL REFERENCES users ON DELETE CASCADE,
  kind         text NOT NULL CHECK (kind IN ('mention', 'reply', 'direct', 'added', 'friend_request', 'request_accepted')),
  conversation uuid REFERENCES conversations ON DELETE CASCADE,
  seq          bigint,
  event_id     uuid,
  request_id   uuid REFERENCES friend_requests ON DELETE CASCADE,
  actor        uuid NOT NULL REFERENCES users,
  created_at   bigint NOT NULL
);
CREATE UNIQUE INDEX notifications_event ON notifications (user_id, event_id) WHERE event_id IS NOT NULL;
CREATE INDEX notifications_user ON notifications (user_id, created_at);

CREATE TABLE attachments (
  id           uuid PRIMARY KEY,
  conversation uuid NOT NULL REFERENCES conversations ON DELETE CASCADE,
  uploader     uuid NOT NULL REFERENCES users,
  name         text NOT NULL,
  media_type   text NOT NULL,
  bytes        bigint NOT NULL,
  sha256       bytea NOT NULL,
  width        integer,
  height       integer,
  created_at   bigint NOT NULL
);
CREATE INDEX attachments_conversation ON attachments (conversation);
