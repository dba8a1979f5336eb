-- Pictures of people and conversations. A picture is named by what is in it: the same one is there once.
CREATE TABLE avatars (
  -- SHA-256 of the bytes that are served, in hex.
  hash  text PRIMARY KEY,
  -- Names the file: a picture may come again while the file of the one before is being removed.
  key   uuid NOT NULL UNIQUE,
  bytes integer NOT NULL,
  -- When it was last given to the server; nobody may have come to use it yet.
  at    bigint NOT NULL
);
CREATE INDEX avatars_at ON avatars (at);
-- Asked for every old picture by what tidies up.
CREATE INDEX users_avatar ON users (avatar) WHERE avatar IS NOT NULL;
CREATE INDEX conversations_avatar ON conversations (avatar) WHERE avatar <> '';
CREATE TRIGGER avatars_discard AFTER DELETE ON avatars
  REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION discard_files();
