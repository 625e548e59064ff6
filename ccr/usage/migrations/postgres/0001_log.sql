-- One row a request. `detail` is JSON: what no query asks for. Times are seconds since the epoch, money micro-dollars.
CREATE TABLE entries (
  seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  at DOUBLE PRECISION NOT NULL,
  day TEXT NOT NULL,
  "user" TEXT NOT NULL,
  project TEXT NOT NULL,
  session TEXT NOT NULL,
  kind TEXT NOT NULL,
  model TEXT NOT NULL,
  rule TEXT NOT NULL,
  target TEXT NOT NULL,
  provider TEXT NOT NULL,
  outcome TEXT NOT NULL,
  status BIGINT NOT NULL,
  input BIGINT NOT NULL,
  output BIGINT NOT NULL,
  cache_read BIGINT NOT NULL,
  cache_write BIGINT NOT NULL,
  cost BIGINT,
  asked_cost BIGINT,
  duration DOUBLE PRECISION NOT NULL,
  first_byte DOUBLE PRECISION,
  snapshot TEXT NOT NULL,
  words TEXT NOT NULL,
  book TEXT NOT NULL,
  detail BYTEA NOT NULL
);
CREATE INDEX entries_at ON entries (at);
CREATE INDEX entries_session ON entries (session, at);

-- The bodies of requests, only where `log = full` was asked for.
CREATE TABLE bodies (id TEXT PRIMARY KEY, body BYTEA NOT NULL);

-- What many entries share: the names of their facts, the texts of the rules.
CREATE TABLE shared (id TEXT PRIMARY KEY, data BYTEA NOT NULL);

-- Sums, kept while writing, so that no question has to look at every request. They outlive the entries. `totals` by one
-- thing at a time (`name` is which: user, rule …, "" for all together), `days` and `sessions` by several.
CREATE TABLE totals (
  name TEXT NOT NULL,
  day TEXT NOT NULL,
  value TEXT NOT NULL,
  requests BIGINT NOT NULL,
  failed BIGINT NOT NULL,
  input BIGINT NOT NULL,
  output BIGINT NOT NULL,
  cache_read BIGINT NOT NULL,
  cache_write BIGINT NOT NULL,
  cost BIGINT NOT NULL,
  unpriced BIGINT NOT NULL,
  paid BIGINT NOT NULL,
  asked BIGINT NOT NULL,
  duration BIGINT NOT NULL,
  waited BIGINT NOT NULL,
  answered BIGINT NOT NULL,
  PRIMARY KEY (name, day, value)
);
CREATE TABLE days (
  day TEXT NOT NULL,
  "user" TEXT NOT NULL,
  project TEXT NOT NULL,
  kind TEXT NOT NULL,
  rule TEXT NOT NULL,
  target TEXT NOT NULL,
  model TEXT NOT NULL,
  requests BIGINT NOT NULL,
  failed BIGINT NOT NULL,
  input BIGINT NOT NULL,
  output BIGINT NOT NULL,
  cache_read BIGINT NOT NULL,
  cache_write BIGINT NOT NULL,
  cost BIGINT NOT NULL,
  unpriced BIGINT NOT NULL,
  paid BIGINT NOT NULL,
  asked BIGINT NOT NULL,
  duration BIGINT NOT NULL,
  waited BIGINT NOT NULL,
  answered BIGINT NOT NULL,
  PRIMARY KEY (day, "user", project, kind, rule, target, model)
);
CREATE TABLE sessions (
  day TEXT NOT NULL,
  "user" TEXT NOT NULL,
  project TEXT NOT NULL,
  session TEXT NOT NULL,
  requests BIGINT NOT NULL,
  failed BIGINT NOT NULL,
  input BIGINT NOT NULL,
  output BIGINT NOT NULL,
  cache_read BIGINT NOT NULL,
  cache_write BIGINT NOT NULL,
  cost BIGINT NOT NULL,
  unpriced BIGINT NOT NULL,
  paid BIGINT NOT NULL,
  asked BIGINT NOT NULL,
  duration BIGINT NOT NULL,
  waited BIGINT NOT NULL,
  answered BIGINT NOT NULL,
  PRIMARY KEY (day, "user", project, session)
);
CREATE INDEX sessions_session ON sessions (session);
