-- One row a request. `detail` is JSON: what no query asks for. Times are seconds since the epoch, money micro-dollars.
CREATE TABLE entries (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  at REAL NOT NULL,
  day TEXT NOT NULL,
  user TEXT NOT NULL,
  project TEXT NOT NULL,
  session TEXT NOT NULL,
  kind TEXT NOT NULL,
  model TEXT NOT NULL,
  rule TEXT NOT NULL,
  target TEXT NOT NULL,
  provider TEXT NOT NULL,
  outcome TEXT NOT NULL,
  status INTEGER NOT NULL,
  input INTEGER NOT NULL,
  output INTEGER NOT NULL,
  cache_read INTEGER NOT NULL,
  cache_write INTEGER NOT NULL,
  cost INTEGER,
  asked_cost INTEGER,
  duration REAL NOT NULL,
  first_byte REAL,
  snapshot TEXT NOT NULL,
  words TEXT NOT NULL,
  book TEXT NOT NULL,
  detail BLOB NOT NULL
);
CREATE INDEX entries_at ON entries (at);
CREATE INDEX entries_session ON entries (session, at);

-- The bodies of requests, only where `log = full` was asked for.
CREATE TABLE bodies (id TEXT PRIMARY KEY, body BLOB NOT NULL) WITHOUT ROWID;

-- What many entries share: the names of their facts, the texts of the rules.
CREATE TABLE shared (id TEXT PRIMARY KEY, data BLOB NOT NULL) WITHOUT ROWID;

-- Sums, kept while writing, so that no question has to look at every request. They outlive the entries. `totals` by one
-- thing at a time (`name` is which: user, rule …, "" for all together), `days` and `sessions` by several.
CREATE TABLE totals (
  name TEXT NOT NULL,
  day TEXT NOT NULL,
  value TEXT NOT NULL,
  requests INTEGER NOT NULL,
  failed INTEGER NOT NULL,
  input INTEGER NOT NULL,
  output INTEGER NOT NULL,
  cache_read INTEGER NOT NULL,
  cache_write INTEGER NOT NULL,
  cost INTEGER NOT NULL,
  unpriced INTEGER NOT NULL,
  paid INTEGER NOT NULL,
  asked INTEGER NOT NULL,
  duration INTEGER NOT NULL,
  waited INTEGER NOT NULL,
  answered INTEGER NOT NULL,
  PRIMARY KEY (name, day, value)
) WITHOUT ROWID;
CREATE TABLE days (
  day TEXT NOT NULL,
  user TEXT NOT NULL,
  project TEXT NOT NULL,
  kind TEXT NOT NULL,
  rule TEXT NOT NULL,
  target TEXT NOT NULL,
  model TEXT NOT NULL,
  requests INTEGER NOT NULL,
  failed INTEGER NOT NULL,
  input INTEGER NOT NULL,
  output INTEGER NOT NULL,
  cache_read INTEGER NOT NULL,
  cache_write INTEGER NOT NULL,
  cost INTEGER NOT NULL,
  unpriced INTEGER NOT NULL,
  paid INTEGER NOT NULL,
  asked INTEGER NOT NULL,
  duration INTEGER NOT NULL,
  waited INTEGER NOT NULL,
  answered INTEGER NOT NULL,
  PRIMARY KEY (day, user, project, kind, rule, target, model)
) WITHOUT ROWID;
CREATE INDEX days_user ON days (user, day);
CREATE INDEX days_project ON days (project, day);
CREATE TABLE sessions (
  day TEXT NOT NULL,
  user TEXT NOT NULL,
  project TEXT NOT NULL,
  session TEXT NOT NULL,
  requests INTEGER NOT NULL,
  failed INTEGER NOT NULL,
  input INTEGER NOT NULL,
  output INTEGER NOT NULL,
  cache_read INTEGER NOT NULL,
  cache_write INTEGER NOT NULL,
  cost INTEGER NOT NULL,
  unpriced INTEGER NOT NULL,
  paid INTEGER NOT NULL,
  asked INTEGER NOT NULL,
  duration INTEGER NOT NULL,
  waited INTEGER NOT NULL,
  answered INTEGER NOT NULL,
  PRIMARY KEY (day, user, project, session)
) WITHOUT ROWID;
CREATE INDEX sessions_session ON sessions (session);
