-- Finding what was said. The words of each message, as search/lexemes.ts takes them; filled by
-- search/indexer.ts in the background, so that nobody who says something waits for it. Everything in
-- here can be made again from the log: empty both tables, and fill search_progress as below.
CREATE TABLE message_words (
  conversation uuid NOT NULL,
  seq          bigint NOT NULL,
  at           bigint NOT NULL,
  words        tsvector NOT NULL
);
CREATE INDEX message_words_conversation ON message_words (conversation);
-- New rows are sorted into the index by the megabyte; every search reads what still waits for that.
CREATE INDEX message_words_words ON message_words USING gin (words) WITH (gin_pending_list_limit = 1024);

-- Up to where each log is indexed. Whoever indexes holds the lock of the row.
CREATE TABLE search_progress (
  conversation uuid PRIMARY KEY REFERENCES conversations ON DELETE CASCADE,
  seq          bigint NOT NULL DEFAULT 0
) WITH (fillfactor = 50);
INSERT INTO search_progress (conversation) SELECT id FROM conversations WHERE deleted_at IS NULL;

CREATE FUNCTION search_begin() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO search_progress (conversation) VALUES (NEW.id) ON CONFLICT DO NOTHING;
  RETURN NULL;
END
$$;
CREATE TRIGGER conversations_search_begin AFTER INSERT ON conversations
  FOR EACH ROW EXECUTE FUNCTION search_begin();

-- What is deleted is not found any more from the same commit on. First the row that an indexer may
-- hold: after that it adds nothing more.
CREATE FUNCTION search_end() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM search_progress WHERE conversation = OLD.id;
  DELETE FROM message_words WHERE conversation = OLD.id;
  RETURN NULL;
END
$$;
CREATE TRIGGER conversations_search_end AFTER UPDATE OF deleted_at ON conversations
  FOR EACH ROW WHEN (OLD.deleted_at IS NULL AND NEW.deleted_at IS NOT NULL) EXECUTE FUNCTION search_end();
CREATE TRIGGER conversations_search_gone AFTER DELETE ON conversations
  FOR EACH ROW EXECUTE FUNCTION search_end();

-- A name or title as people look for it, whatever keys they have: small letters, without accents, of
-- normal width. The same on every server: what lower() knows beyond ASCII, and which extensions there
-- are, is not, so the capitals of all alphabets that have them are told here. In plpgsql, because a
-- function in SQL would be taken apart wherever it stands, and planning with it take longer than reading.
CREATE FUNCTION fold_name(name text) RETURNS text LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  folded text := regexp_replace(normalize(name, NFKD),
    '[\u0300-\u036F\u0483-\u0487\u0591-\u05C7\u0610-\u061A\u0640\u064B-\u065F\u0670\u00AD\u200C\u200D\uFE0E\uFE0F]', '', 'g');
BEGIN
  folded := lower(translate(folded,
    'ŊƏΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩЂЄЅІЈЉЊЋЏАБВГДЕЖЗИКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯҐҒҖҘҚҜҠҢҤҪҮҰҲҶҸҺӀӘӨԱԲԳԴԵԶԷԸԹԺԻԼԽԾԿՀՁՂՃՄՅՆՇՈՉՊՋՌՍՎՏՐՑՒՓՔՕՖØøĐđÐðŁłĦħŦŧıςÞÆŒẞ',
    'ŋəαβγδεζηθικλμνξοπρστυφχψωђєѕіјљњћџабвгдежзиклмнопрстуфхцчшщъыьэюяґғҗҙқҝҡңҥҫүұҳҷҹһӏәөաբգդեզէըթժիլխծկհձղճմյնշոչպջռսվտրցւփքօֆooddddllhhttiσþæœß'));
  folded := replace(replace(replace(replace(folded, 'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'), 'þ', 'th');
  RETURN normalize(folded, NFC);
END
$$;

-- In the order of their bytes, so that a beginning is a range, and a page ends where the next begins.
ALTER TABLE users ADD COLUMN name_key text COLLATE "C" NOT NULL GENERATED ALWAYS AS (fold_name(name)) STORED;
DROP INDEX users_name;
CREATE INDEX users_name ON users (name_key, id) WHERE deleted_at IS NULL;
-- Empty for what is not found by its title: these rows are written with everything that is said.
ALTER TABLE conversations ADD COLUMN title_key text COLLATE "C" NOT NULL
  GENERATED ALWAYS AS (CASE WHEN kind = 'channel' THEN fold_name(title) ELSE '' END) STORED;
DROP INDEX conversations_channels;
CREATE INDEX conversations_channels ON conversations (title_key, id) WHERE kind = 'channel' AND deleted_at IS NULL;

-- What else reading asks for, measured with two million events (docs/measurements/reads.md).
--
-- How much is unread, and which of the last events are messages, is answered by the key alone: in a
-- channel that thousands have joined there may be thousands of rows in between.
ALTER TABLE events DROP CONSTRAINT events_pkey, ADD PRIMARY KEY (conversation, seq) INCLUDE (type, author);
-- The few events of another type in a long log.
CREATE INDEX events_types ON events (conversation, type, seq) WHERE type <> 'message';

-- How many are in it: counting them for each line of a list would read a channel's members each time.
ALTER TABLE conversations ADD COLUMN member_count integer NOT NULL DEFAULT 0;
UPDATE conversations c SET member_count = (SELECT count(*) FROM participants p WHERE p.conversation = c.id);
CREATE FUNCTION count_members() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE conversations c SET member_count = c.member_count + CASE TG_OP WHEN 'INSERT' THEN moved.members ELSE -moved.members END
  FROM (SELECT conversation, count(*) AS members FROM changed GROUP BY conversation ORDER BY conversation) moved
  WHERE c.id = moved.conversation;
  RETURN NULL;
END
$$;
CREATE TRIGGER participants_came AFTER INSERT ON participants
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION count_members();
CREATE TRIGGER participants_went AFTER DELETE ON participants
  REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION count_members();
