-- One row a request. `detail` is JSON: what no query asks for. Times are seconds since the epoch, money micro-dollars.
CREATE TABLE entries (
  seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  id TEXT COLLATE "C" NOT NULL UNIQUE,
  at DOUBLE PRECISION NOT NULL,
  day TEXT COLLATE "C" NOT NULL,
  "user" TEXT COLLATE "C" NOT NULL,
  project TEXT COLLATE "C" NOT NULL,
  session TEXT COLLATE "C" NOT NULL,
  kind TEXT COLLATE "C" NOT NULL,
  model TEXT COLLATE "C" NOT NULL,
  rule TEXT COLLATE "C" NOT NULL,
  target TEXT COLLATE "C" NOT NULL,
  provider TEXT COLLATE "C" NOT NULL,
  outcome TEXT COLLATE "C" NOT NULL,
  status BIGINT NOT NULL,
  input BIGINT NOT NULL,
  output BIGINT NOT NULL,
  cache_read BIGINT NOT NULL,
  cache_write BIGINT NOT NULL,
  cost BIGINT,
  asked_cost BIGINT,
  duration DOUBLE PRECISION NOT NULL,
  first_byte DOUBLE PRECISION,
  snapshot TEXT COLLATE "C" NOT NULL,
  words TEXT COLLATE "C" NOT NULL,
  book TEXT COLLATE "C" NOT NULL,
  detail BYTEA NOT NULL
);
CREATE INDEX entries_at ON entries (at);
CREATE INDEX entries_session ON entries (session, at);

-- The bodies of requests, only where `log = full` was asked for.
CREATE TABLE bodies (id TEXT COLLATE "C" PRIMARY KEY, body BYTEA NOT NULL);

-- What many entries share: the names of their facts, the texts of the rules.
CREATE TABLE shared (id TEXT COLLATE "C" PRIMARY KEY, data BYTEA NOT NULL);

-- Sums, kept while writing, so that no question has to look at every request. They outlive the entries. `totals` by one
-- thing at a time (`name` is which: user, rule …, "" for all together), `days` and `sessions` by several.
CREATE TABLE totals (
  name TEXT COLLATE "C" NOT NULL,
  day TEXT COLLATE "C" NOT NULL,
  value TEXT COLLATE "C" NOT NULL,
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
  day TEXT COLLATE "C" NOT NULL,
  "user" TEXT COLLATE "C" NOT NULL,
  project TEXT COLLATE "C" NOT NULL,
  kind TEXT COLLATE "C" NOT NULL,
  rule TEXT COLLATE "C" NOT NULL,
  target TEXT COLLATE "C" NOT NULL,
  model TEXT COLLATE "C" NOT NULL,
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
CREATE INDEX days_user ON days ("user", day);
CREATE INDEX days_project ON days (project, day);
CREATE TABLE sessions (
  day TEXT COLLATE "C" NOT NULL,
  "user" TEXT COLLATE "C" NOT NULL,
  project TEXT COLLATE "C" NOT NULL,
  session TEXT COLLATE "C" NOT NULL,
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
