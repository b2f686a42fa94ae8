PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY);
INSERT INTO grdb_migrations VALUES('1: requests, rollups, settings, events');
CREATE TABLE series (
    id INTEGER PRIMARY KEY,
    -- 'total': all requests of one traffic class, so that a headline reads one series and not thousands.
    -- 'request': requests by everything below. 'attempt': attempts at one deployment.
    -- The three count the same events: never add them up.
    scope TEXT NOT NULL,
    traffic TEXT NOT NULL,       -- live, probe, drill; only live counts for the objectives
    mode TEXT NOT NULL,          -- routed, bypass
    tenant TEXT NOT NULL,
    feature TEXT NOT NULL,
    grp TEXT NOT NULL,           -- model group
    deployment TEXT NOT NULL,    -- who answered
    provider TEXT NOT NULL,
    UNIQUE (scope, traffic, mode, tenant, feature, grp, deployment, provider)
);
INSERT INTO series VALUES(1,'request','live','routed','globex','feature 3','assistant','openai/gpt-5.4-mini','openai');
INSERT INTO series VALUES(2,'total','live','','','','','','');
INSERT INTO series VALUES(3,'attempt','live','routed','','','assistant','openai/gpt-5.4-mini','openai');
INSERT INTO series VALUES(4,'request','live','routed','initech','feature 6','assistant','openai/gpt-5.4-mini','openai');
INSERT INTO series VALUES(5,'request','live','routed','globex','feature 4','assistant','openai/gpt-5.4-mini','openai');
INSERT INTO series VALUES(6,'request','live','routed','globex','feature 2','assistant','openai/gpt-5.4-mini','openai');
INSERT INTO series VALUES(7,'request','live','routed','initech','feature 4','assistant','openai/gpt-5.4-mini','openai');
INSERT INTO series VALUES(8,'request','live','routed','initech','feature 2','assistant','openai/gpt-5.4-mini','openai');
INSERT INTO series VALUES(9,'request','live','routed','globex','feature 5','assistant','openai/gpt-5.4-mini','openai');
INSERT INTO series VALUES(10,'request','live','routed','initech','feature 1','assistant','openai/gpt-5.4-mini','openai');
INSERT INTO series VALUES(11,'request','live','routed','acme','feature 3','assistant','openai/gpt-5.4-mini','openai');
INSERT INTO series VALUES(12,'request','live','routed','acme','feature 3','assistant','anthropic/claude-haiku-4-5','anthropic');
INSERT INTO series VALUES(13,'attempt','live','routed','','','assistant','anthropic/claude-haiku-4-5','anthropic');
CREATE TABLE request_row (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    at INTEGER NOT NULL,
    series INTEGER NOT NULL REFERENCES series (id),
    format TEXT NOT NULL,
    stream INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    failed_over INTEGER NOT NULL,
    outcome TEXT NOT NULL,
    status INTEGER NOT NULL,
    valid INTEGER NOT NULL,
    good INTEGER NOT NULL,
    first_token_us INTEGER,
    total_us INTEGER NOT NULL,
    latency_us INTEGER,
    tokens_in INTEGER,
    tokens_out INTEGER,
    tokens_cache_read INTEGER,
    tokens_cache_write INTEGER,
    cost_nano INTEGER,
    cost_is_estimated INTEGER NOT NULL,
    cache TEXT NOT NULL,
    degraded TEXT,
    drill TEXT,
    error TEXT
);
INSERT INTO request_row VALUES(1,'11-0',1772573049758,1,'openai',1,1,0,'complete',200,1,1,412000,2900000,4684293,1200,340,NULL,NULL,28716704,0,'miss',NULL,NULL,NULL);
INSERT INTO request_row VALUES(2,'11-1',1772583766585,4,'openai',1,1,0,'cancelled',200,0,0,412000,2900000,NULL,1200,340,NULL,NULL,23645530,0,'miss',NULL,NULL,NULL);
INSERT INTO request_row VALUES(3,'11-2',1772487066361,5,'openai',1,1,0,'rejected',200,0,0,412000,2900000,NULL,1200,340,NULL,NULL,27280728,0,'hit',NULL,NULL,NULL);
INSERT INTO request_row VALUES(4,'11-3',1772592714676,6,'openai',1,1,0,'cut',200,1,0,412000,2900000,NULL,1200,340,NULL,NULL,2784213,0,'miss',NULL,NULL,NULL);
INSERT INTO request_row VALUES(5,'11-4',1772626115234,7,'openai',1,1,0,'rejected',200,0,0,412000,2900000,NULL,1200,340,NULL,NULL,9362089,0,'stale',NULL,NULL,NULL);
INSERT INTO request_row VALUES(6,'11-5',1772557624844,8,'openai',1,1,0,'lost',200,1,0,412000,2900000,NULL,1200,340,NULL,NULL,29925743,0,'miss',NULL,NULL,NULL);
INSERT INTO request_row VALUES(7,'11-6',1772533715641,9,'openai',1,1,0,'cut',200,1,0,412000,2900000,NULL,1200,340,NULL,NULL,557213,0,'stale',NULL,NULL,NULL);
INSERT INTO request_row VALUES(8,'11-7',1772455111768,10,'openai',1,1,0,'cancelled',200,0,0,412000,2900000,NULL,1200,340,NULL,NULL,11246403,0,'miss',NULL,NULL,NULL);
INSERT INTO request_row VALUES(9,'11-8',1772548722335,11,'openai',1,1,0,'rejected',200,0,0,412000,2900000,NULL,1200,340,NULL,NULL,23348772,0,'miss',NULL,NULL,NULL);
INSERT INTO request_row VALUES(10,'11-9',1772547539376,12,'openai',1,2,1,'cancelled',200,0,0,640000,2900000,NULL,1200,340,NULL,NULL,NULL,0,'miss',NULL,NULL,NULL);
INSERT INTO request_row VALUES(11,'11-10',1772553954425,5,'openai',1,1,0,'cut',200,1,0,412000,2900000,NULL,1200,340,NULL,NULL,26484450,0,'miss',NULL,NULL,NULL);
INSERT INTO request_row VALUES(12,'11-11',1772491391492,7,'openai',1,1,0,'lost',200,1,0,412000,2900000,NULL,1200,340,NULL,NULL,12169599,0,'miss',NULL,NULL,NULL);
CREATE TABLE attempt_row (
    request INTEGER NOT NULL REFERENCES request_row (number) ON DELETE CASCADE,
    ordinal INTEGER NOT NULL,
    deployment TEXT NOT NULL,
    provider TEXT NOT NULL,
    status INTEGER,
    failure TEXT,
    start_us INTEGER NOT NULL,
    first_token_us INTEGER,
    total_us INTEGER NOT NULL,
    detail TEXT,
    why TEXT NOT NULL,
    PRIMARY KEY (request, ordinal)
) WITHOUT ROWID;
INSERT INTO attempt_row VALUES(10,1,'openai/gpt-5.4-mini','openai',401,'credential',0,NULL,40000,'invalid_api_key','first by order');
INSERT INTO attempt_row VALUES(10,2,'anthropic/claude-haiku-4-5','anthropic',200,NULL,41000,599000,2800000,NULL,'failover: credential');
CREATE TABLE sli_minute (
    series INTEGER NOT NULL REFERENCES series (id),
    start INTEGER NOT NULL,
    n INTEGER NOT NULL,
    valid INTEGER NOT NULL,
    good INTEGER NOT NULL,
    saved INTEGER NOT NULL,
    cut INTEGER NOT NULL,
    lost INTEGER NOT NULL,
    rejected INTEGER NOT NULL,
    cancelled INTEGER NOT NULL,
    hit INTEGER NOT NULL,
    stale INTEGER NOT NULL,
    joined INTEGER NOT NULL,
    degraded INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    latency_n INTEGER NOT NULL,
    latency_fast INTEGER NOT NULL,
    metered INTEGER NOT NULL,
    tokens_in INTEGER NOT NULL,
    tokens_out INTEGER NOT NULL,
    tokens_cache_read INTEGER NOT NULL,
    tokens_cache_write INTEGER NOT NULL,
    cost_nano INTEGER NOT NULL,
    cost_n INTEGER NOT NULL,
    unpriced INTEGER NOT NULL,
    estimated INTEGER NOT NULL,
    PRIMARY KEY (series, start)
) WITHOUT ROWID;
INSERT INTO sli_minute VALUES(1,1772573040,1,1,1,0,0,0,0,0,0,0,0,0,1,1,0,1,1200,340,0,0,28716704,1,0,0);
INSERT INTO sli_minute VALUES(2,1772455080,1,0,0,0,0,0,0,1,0,0,0,0,1,0,0,1,1200,340,0,0,11246403,0,0,0);
INSERT INTO sli_minute VALUES(2,1772487060,1,0,0,0,0,0,1,0,0,0,0,0,1,0,0,1,1200,340,0,0,27280728,0,0,0);
INSERT INTO sli_minute VALUES(2,1772491380,1,1,0,0,0,1,0,0,0,0,0,0,1,0,0,1,1200,340,0,0,12169599,1,0,0);
INSERT INTO sli_minute VALUES(2,1772533680,1,1,0,0,1,0,0,0,0,1,0,0,1,0,0,1,1200,340,0,0,557213,0,0,0);
INSERT INTO sli_minute VALUES(2,1772547480,1,0,0,0,0,0,0,1,0,0,0,0,2,0,0,1,1200,340,0,0,0,0,1,0);
INSERT INTO sli_minute VALUES(2,1772548680,1,0,0,0,0,0,1,0,0,0,0,0,1,0,0,1,1200,340,0,0,23348772,0,0,0);
INSERT INTO sli_minute VALUES(2,1772553900,1,1,0,0,1,0,0,0,0,0,0,0,1,0,0,1,1200,340,0,0,26484450,1,0,0);
INSERT INTO sli_minute VALUES(2,1772557620,1,1,0,0,0,1,0,0,0,0,0,0,1,0,0,1,1200,340,0,0,29925743,1,0,0);
INSERT INTO sli_minute VALUES(2,1772573040,1,1,1,0,0,0,0,0,0,0,0,0,1,1,0,1,1200,340,0,0,28716704,1,0,0);
INSERT INTO sli_minute VALUES(2,1772583720,1,0,0,0,0,0,0,1,0,0,0,0,1,0,0,1,1200,340,0,0,23645530,0,0,0);
INSERT INTO sli_minute VALUES(2,1772592660,1,1,0,0,1,0,0,0,0,0,0,0,1,0,0,1,1200,340,0,0,2784213,1,0,0);
INSERT INTO sli_minute VALUES(2,1772626080,1,0,0,0,0,0,1,0,0,0,0,0,1,0,0,1,1200,340,0,0,9362089,0,0,0);
INSERT INTO sli_minute VALUES(3,1772455080,1,0,0,0,0,0,0,0,0,0,0,0,1,0,0,0,0,0,0,0,0,0,0,0);
INSERT INTO sli_minute VALUES(3,1772487060,1,0,0,0,0,0,0,0,0,0,0,0,1,0,0,0,0,0,0,0,0,0,0,0);
INSERT INTO sli_minute VALUES(3,1772491380,1,1,0,0,0,0,0,0,0,0,0,0,1,0,0,0,0,0,0,0,0,0,0,0);
INSERT INTO sli_minute VALUES(3,1772533680,1,1,0,0,0,0,0,0,0,0,0,0,1,0,0,0,0,0,0,0,0,0,0,0);
INSERT INTO sli_minute VALUES(3,1772547480,1,1,0,0,0,0,0,0,0,0,0,0,1,0,0,0,0,0,0,0,0,0,0,0);
INSERT INTO sli_minute VALUES(3,1772548680,1,0,0,0,0,0,0,0,0,0,0,0,1,0,0,0,0,0,0,0,0,0,0,0);
INSERT INTO sli_minute VALUES(3,1772553900,1,1,0,0,0,0,0,0,0,0,0,0,1,0,0,0,0,0,0,0,0,0,0,0);
INSERT INTO sli_minute VALUES(3,1772557620,1,1,0,0,0,0,0,0,0,0,0,0,1,0,0,0,0,0,0,0,0,0,0,0);
INSERT INTO sli_minute VALUES(3,1772573040,1,1,1,0,0,0,0,0,0,0,0,0,1,1,0,0,0,0,0,0,0,0,0,0);
INSERT INTO sli_minute VALUES(3,1772583720,1,0,0,0,0,0,0,0,0,0,0,0,1,0,0,0,0,0,0,0,0,0,0,0);
INSERT INTO sli_minute VALUES(3,1772592660,1,1,0,0,0,0,0,0,0,0,0,0,1,0,0,0,0,0,0,0,0,0,0,0);
INSERT INTO sli_minute VALUES(3,1772626080,1,0,0,0,0,0,0,0,0,0,0,0,1,0,0,0,0,0,0,0,0,0,0,0);
INSERT INTO sli_minute VALUES(4,1772583720,1,0,0,0,0,0,0,1,0,0,0,0,1,0,0,1,1200,340,0,0,23645530,0,0,0);
INSERT INTO sli_minute VALUES(5,1772487060,1,0,0,0,0,0,1,0,0,0,0,0,1,0,0,1,1200,340,0,0,27280728,0,0,0);
INSERT INTO sli_minute VALUES(5,1772553900,1,1,0,0,1,0,0,0,0,0,0,0,1,0,0,1,1200,340,0,0,26484450,1,0,0);
INSERT INTO sli_minute VALUES(6,1772592660,1,1,0,0,1,0,0,0,0,0,0,0,1,0,0,1,1200,340,0,0,2784213,1,0,0);
INSERT INTO sli_minute VALUES(7,1772491380,1,1,0,0,0,1,0,0,0,0,0,0,1,0,0,1,1200,340,0,0,12169599,1,0,0);
INSERT INTO sli_minute VALUES(7,1772626080,1,0,0,0,0,0,1,0,0,0,0,0,1,0,0,1,1200,340,0,0,9362089,0,0,0);
INSERT INTO sli_minute VALUES(8,1772557620,1,1,0,0,0,1,0,0,0,0,0,0,1,0,0,1,1200,340,0,0,29925743,1,0,0);
INSERT INTO sli_minute VALUES(9,1772533680,1,1,0,0,1,0,0,0,0,1,0,0,1,0,0,1,1200,340,0,0,557213,0,0,0);
INSERT INTO sli_minute VALUES(10,1772455080,1,0,0,0,0,0,0,1,0,0,0,0,1,0,0,1,1200,340,0,0,11246403,0,0,0);
INSERT INTO sli_minute VALUES(11,1772548680,1,0,0,0,0,0,1,0,0,0,0,0,1,0,0,1,1200,340,0,0,23348772,0,0,0);
INSERT INTO sli_minute VALUES(12,1772547480,1,0,0,0,0,0,0,1,0,0,0,0,2,0,0,1,1200,340,0,0,0,0,1,0);
INSERT INTO sli_minute VALUES(13,1772547480,1,0,0,0,0,0,0,0,0,0,0,0,1,0,0,0,0,0,0,0,0,0,0,0);
CREATE TABLE latency_minute (
    series INTEGER NOT NULL REFERENCES series (id),
    start INTEGER NOT NULL,
    bucket INTEGER NOT NULL,
    n INTEGER NOT NULL,
    PRIMARY KEY (series, start, bucket)
) WITHOUT ROWID;
INSERT INTO latency_minute VALUES(1,1772573040,768,1);
INSERT INTO latency_minute VALUES(2,1772573040,768,1);
INSERT INTO latency_minute VALUES(3,1772573040,768,1);
CREATE TABLE sli_hour (
    series INTEGER NOT NULL REFERENCES series (id),
    start INTEGER NOT NULL,
    n INTEGER NOT NULL,
    valid INTEGER NOT NULL,
    good INTEGER NOT NULL,
    saved INTEGER NOT NULL,
    cut INTEGER NOT NULL,
    lost INTEGER NOT NULL,
    rejected INTEGER NOT NULL,
    cancelled INTEGER NOT NULL,
    hit INTEGER NOT NULL,
    stale INTEGER NOT NULL,
    joined INTEGER NOT NULL,
    degraded INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    latency_n INTEGER NOT NULL,
    latency_fast INTEGER NOT NULL,
    metered INTEGER NOT NULL,
    tokens_in INTEGER NOT NULL,
    tokens_out INTEGER NOT NULL,
    tokens_cache_read INTEGER NOT NULL,
    tokens_cache_write INTEGER NOT NULL,
    cost_nano INTEGER NOT NULL,
    cost_n INTEGER NOT NULL,
    unpriced INTEGER NOT NULL,
    estimated INTEGER NOT NULL,
    PRIMARY KEY (series, start)
) WITHOUT ROWID;
INSERT INTO sli_hour VALUES(1,1772571600,1,1,1,0,0,0,0,0,0,0,0,0,1,1,0,1,1200,340,0,0,28716704,1,0,0);
INSERT INTO sli_hour VALUES(2,1772452800,1,0,0,0,0,0,0,1,0,0,0,0,1,0,0,1,1200,340,0,0,11246403,0,0,0);
INSERT INTO sli_hour VALUES(2,1772485200,1,0,0,0,0,0,1,0,0,0,0,0,1,0,0,1,1200,340,0,0,27280728,0,0,0);
INSERT INTO sli_hour VALUES(2,1772488800,1,1,0,0,0,1,0,0,0,0,0,0,1,0,0,1,1200,340,0,0,12169599,1,0,0);
INSERT INTO sli_hour VALUES(2,1772532000,1,1,0,0,1,0,0,0,0,1,0,0,1,0,0,1,1200,340,0,0,557213,0,0,0);
INSERT INTO sli_hour VALUES(2,1772546400,2,0,0,0,0,0,1,1,0,0,0,0,3,0,0,2,2400,680,0,0,23348772,0,1,0);
INSERT INTO sli_hour VALUES(2,1772553600,1,1,0,0,1,0,0,0,0,0,0,0,1,0,0,1,1200,340,0,0,26484450,1,0,0);
INSERT INTO sli_hour VALUES(2,1772557200,1,1,0,0,0,1,0,0,0,0,0,0,1,0,0,1,1200,340,0,0,29925743,1,0,0);
INSERT INTO sli_hour VALUES(2,1772571600,1,1,1,0,0,0,0,0,0,0,0,0,1,1,0,1,1200,340,0,0,28716704,1,0,0);
INSERT INTO sli_hour VALUES(2,1772582400,1,0,0,0,0,0,0,1,0,0,0,0,1,0,0,1,1200,340,0,0,23645530,0,0,0);
INSERT INTO sli_hour VALUES(2,1772589600,1,1,0,0,1,0,0,0,0,0,0,0,1,0,0,1,1200,340,0,0,2784213,1,0,0);
INSERT INTO sli_hour VALUES(2,1772625600,1,0,0,0,0,0,1,0,0,0,0,0,1,0,0,1,1200,340,0,0,9362089,0,0,0);
INSERT INTO sli_hour VALUES(3,1772452800,1,0,0,0,0,0,0,0,0,0,0,0,1,0,0,0,0,0,0,0,0,0,0,0);
INSERT INTO sli_hour VALUES(3,1772485200,1,0,0,0,0,0,0,0,0,0,0,0,1,0,0,0,0,0,0,0,0,0,0,0);
INSERT INTO sli_hour VALUES(3,1772488800,1,1,0,0,0,0,0,0,0,0,0,0,1,0,0,0,0,0,0,0,0,0,0,0);
INSERT INTO sli_hour VALUES(3,1772532000,1,1,0,0,0,0,0,0,0,0,0,0,1,0,0,0,0,0,0,0,0,0,0,0);
INSERT INTO sli_hour VALUES(3,1772546400,2,1,0,0,0,0,0,0,0,0,0,0,2,0,0,0,0,0,0,0,0,0,0,0);
INSERT INTO sli_hour VALUES(3,1772553600,1,1,0,0,0,0,0,0,0,0,0,0,1,0,0,0,0,0,0,0,0,0,0,0);
INSERT INTO sli_hour VALUES(3,1772557200,1,1,0,0,0,0,0,0,0,0,0,0,1,0,0,0,0,0,0,0,0,0,0,0);
INSERT INTO sli_hour VALUES(3,1772571600,1,1,1,0,0,0,0,0,0,0,0,0,1,1,0,0,0,0,0,0,0,0,0,0);
INSERT INTO sli_hour VALUES(3,1772582400,1,0,0,0,0,0,0,0,0,0,0,0,1,0,0,0,0,0,0,0,0,0,0,0);
INSERT INTO sli_hour VALUES(3,1772589600,1,1,0,0,0,0,0,0,0,0,0,0,1,0,0,0,0,0,0,0,0,0,0,0);
INSERT INTO sli_hour VALUES(3,1772625600,1,0,0,0,0,0,0,0,0,0,0,0,1,0,0,0,0,0,0,0,0,0,0,0);
INSERT INTO sli_hour VALUES(4,1772582400,1,0,0,0,0,0,0,1,0,0,0,0,1,0,0,1,1200,340,0,0,23645530,0,0,0);
INSERT INTO sli_hour VALUES(5,1772485200,1,0,0,0,0,0,1,0,0,0,0,0,1,0,0,1,1200,340,0,0,27280728,0,0,0);
INSERT INTO sli_hour VALUES(5,1772553600,1,1,0,0,1,0,0,0,0,0,0,0,1,0,0,1,1200,340,0,0,26484450,1,0,0);
INSERT INTO sli_hour VALUES(6,1772589600,1,1,0,0,1,0,0,0,0,0,0,0,1,0,0,1,1200,340,0,0,2784213,1,0,0);
INSERT INTO sli_hour VALUES(7,1772488800,1,1,0,0,0,1,0,0,0,0,0,0,1,0,0,1,1200,340,0,0,12169599,1,0,0);
INSERT INTO sli_hour VALUES(7,1772625600,1,0,0,0,0,0,1,0,0,0,0,0,1,0,0,1,1200,340,0,0,9362089,0,0,0);
INSERT INTO sli_hour VALUES(8,1772557200,1,1,0,0,0,1,0,0,0,0,0,0,1,0,0,1,1200,340,0,0,29925743,1,0,0);
INSERT INTO sli_hour VALUES(9,1772532000,1,1,0,0,1,0,0,0,0,1,0,0,1,0,0,1,1200,340,0,0,557213,0,0,0);
INSERT INTO sli_hour VALUES(10,1772452800,1,0,0,0,0,0,0,1,0,0,0,0,1,0,0,1,1200,340,0,0,11246403,0,0,0);
INSERT INTO sli_hour VALUES(11,1772546400,1,0,0,0,0,0,1,0,0,0,0,0,1,0,0,1,1200,340,0,0,23348772,0,0,0);
INSERT INTO sli_hour VALUES(12,1772546400,1,0,0,0,0,0,0,1,0,0,0,0,2,0,0,1,1200,340,0,0,0,0,1,0);
INSERT INTO sli_hour VALUES(13,1772546400,1,0,0,0,0,0,0,0,0,0,0,0,1,0,0,0,0,0,0,0,0,0,0,0);
CREATE TABLE latency_hour (
    series INTEGER NOT NULL REFERENCES series (id),
    start INTEGER NOT NULL,
    bucket INTEGER NOT NULL,
    n INTEGER NOT NULL,
    PRIMARY KEY (series, start, bucket)
) WITHOUT ROWID;
INSERT INTO latency_hour VALUES(1,1772571600,768,1);
INSERT INTO latency_hour VALUES(2,1772571600,768,1);
INSERT INTO latency_hour VALUES(3,1772571600,768,1);
CREATE TABLE sli_day (
    series INTEGER NOT NULL REFERENCES series (id),
    start INTEGER NOT NULL,
    n INTEGER NOT NULL,
    valid INTEGER NOT NULL,
    good INTEGER NOT NULL,
    saved INTEGER NOT NULL,
    cut INTEGER NOT NULL,
    lost INTEGER NOT NULL,
    rejected INTEGER NOT NULL,
    cancelled INTEGER NOT NULL,
    hit INTEGER NOT NULL,
    stale INTEGER NOT NULL,
    joined INTEGER NOT NULL,
    degraded INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    latency_n INTEGER NOT NULL,
    latency_fast INTEGER NOT NULL,
    metered INTEGER NOT NULL,
    tokens_in INTEGER NOT NULL,
    tokens_out INTEGER NOT NULL,
    tokens_cache_read INTEGER NOT NULL,
    tokens_cache_write INTEGER NOT NULL,
    cost_nano INTEGER NOT NULL,
    cost_n INTEGER NOT NULL,
    unpriced INTEGER NOT NULL,
    estimated INTEGER NOT NULL,
    PRIMARY KEY (series, start)
) WITHOUT ROWID;
INSERT INTO sli_day VALUES(1,1772496000,1,1,1,0,0,0,0,0,0,0,0,0,1,1,0,1,1200,340,0,0,28716704,1,0,0);
INSERT INTO sli_day VALUES(2,1772409600,3,1,0,0,0,1,1,1,0,0,0,0,3,0,0,3,3600,1020,0,0,50696730,1,0,0);
INSERT INTO sli_day VALUES(2,1772496000,6,4,1,0,2,1,1,1,0,1,0,0,7,1,0,6,7200,2040,0,0,109032882,3,1,0);
INSERT INTO sli_day VALUES(2,1772582400,3,1,0,0,1,0,1,1,0,0,0,0,3,0,0,3,3600,1020,0,0,35791832,1,0,0);
INSERT INTO sli_day VALUES(3,1772409600,3,1,0,0,0,0,0,0,0,0,0,0,3,0,0,0,0,0,0,0,0,0,0,0);
INSERT INTO sli_day VALUES(3,1772496000,6,5,1,0,0,0,0,0,0,0,0,0,6,1,0,0,0,0,0,0,0,0,0,0);
INSERT INTO sli_day VALUES(3,1772582400,3,1,0,0,0,0,0,0,0,0,0,0,3,0,0,0,0,0,0,0,0,0,0,0);
INSERT INTO sli_day VALUES(4,1772582400,1,0,0,0,0,0,0,1,0,0,0,0,1,0,0,1,1200,340,0,0,23645530,0,0,0);
INSERT INTO sli_day VALUES(5,1772409600,1,0,0,0,0,0,1,0,0,0,0,0,1,0,0,1,1200,340,0,0,27280728,0,0,0);
INSERT INTO sli_day VALUES(5,1772496000,1,1,0,0,1,0,0,0,0,0,0,0,1,0,0,1,1200,340,0,0,26484450,1,0,0);
INSERT INTO sli_day VALUES(6,1772582400,1,1,0,0,1,0,0,0,0,0,0,0,1,0,0,1,1200,340,0,0,2784213,1,0,0);
INSERT INTO sli_day VALUES(7,1772409600,1,1,0,0,0,1,0,0,0,0,0,0,1,0,0,1,1200,340,0,0,12169599,1,0,0);
INSERT INTO sli_day VALUES(7,1772582400,1,0,0,0,0,0,1,0,0,0,0,0,1,0,0,1,1200,340,0,0,9362089,0,0,0);
INSERT INTO sli_day VALUES(8,1772496000,1,1,0,0,0,1,0,0,0,0,0,0,1,0,0,1,1200,340,0,0,29925743,1,0,0);
INSERT INTO sli_day VALUES(9,1772496000,1,1,0,0,1,0,0,0,0,1,0,0,1,0,0,1,1200,340,0,0,557213,0,0,0);
INSERT INTO sli_day VALUES(10,1772409600,1,0,0,0,0,0,0,1,0,0,0,0,1,0,0,1,1200,340,0,0,11246403,0,0,0);
INSERT INTO sli_day VALUES(11,1772496000,1,0,0,0,0,0,1,0,0,0,0,0,1,0,0,1,1200,340,0,0,23348772,0,0,0);
INSERT INTO sli_day VALUES(12,1772496000,1,0,0,0,0,0,0,1,0,0,0,0,2,0,0,1,1200,340,0,0,0,0,1,0);
INSERT INTO sli_day VALUES(13,1772496000,1,0,0,0,0,0,0,0,0,0,0,0,1,0,0,0,0,0,0,0,0,0,0,0);
CREATE TABLE latency_day (
    series INTEGER NOT NULL REFERENCES series (id),
    start INTEGER NOT NULL,
    bucket INTEGER NOT NULL,
    n INTEGER NOT NULL,
    PRIMARY KEY (series, start, bucket)
) WITHOUT ROWID;
INSERT INTO latency_day VALUES(1,1772496000,768,1);
INSERT INTO latency_day VALUES(2,1772496000,768,1);
INSERT INTO latency_day VALUES(3,1772496000,768,1);
CREATE TABLE latency_bucket (bucket INTEGER PRIMARY KEY, us REAL NOT NULL);
CREATE TABLE objective (name TEXT PRIMARY KEY, value) WITHOUT ROWID;
INSERT INTO objective VALUES('cost_nano_per_request',15000000);
INSERT INTO objective VALUES('latency_of','first_token');
INSERT INTO objective VALUES('latency_p95_s',2.5);
INSERT INTO objective VALUES('latency_relative_error',0.010000000000000000208);
INSERT INTO objective VALUES('success',0.99499999999999999555);
INSERT INTO objective VALUES('window_s',2592000);
CREATE TABLE setting (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
INSERT INTO setting VALUES('bypass','1772627696789');
CREATE TABLE event (id INTEGER PRIMARY KEY, at INTEGER NOT NULL, kind TEXT NOT NULL, text TEXT NOT NULL);
INSERT INTO event VALUES(1,1772627696789,'failover','openai to anthropic');
CREATE INDEX request_row_at ON request_row (at);
CREATE INDEX event_at ON event (at);
CREATE VIEW request AS
-- One row a client request, newest last: SELECT * FROM request WHERE outcome = 'lost';
SELECT r.id, r.at, strftime('%Y-%m-%dT%H:%M:%fZ', r.at / 1000.0, 'unixepoch') AS time,
    s.tenant, s.feature, s.grp, s.traffic, s.mode, r.format, r.stream,
    nullif(s.deployment, '') AS deployment, nullif(s.provider, '') AS provider, r.attempts, r.failed_over,
    r.outcome, r.status, r.valid, r.good, r.first_token_us, r.total_us, r.latency_us, r.tokens_in, r.tokens_out,
    r.tokens_cache_read, r.tokens_cache_write, r.cost_nano, r.cost_is_estimated, r.cache, r.degraded, r.drill,
    r.error, r.number
FROM request_row AS r JOIN series AS s ON s.id = r.series
;
CREATE VIEW attempt AS
-- Attempts of the requests that did not simply succeed at once.
SELECT r.id AS request_id, r.at + a.start_us / 1000 AS at, a.ordinal, a.deployment, a.provider, a.status,
    a.failure, a.start_us, a.first_token_us, a.total_us, a.detail, a.why
FROM attempt_row AS a JOIN request_row AS r ON r.number = a.request
;
CREATE VIEW sli_30d AS
-- The headline over the last 30 days, to the minute: live traffic, the bypass included, drills and probes not.
-- A latency percentile is the bucket in which that rank falls (nearest rank), within 1 %.
WITH
    span AS (SELECT CAST(strftime('%s', 'now') AS INTEGER) AS until),
    total AS (SELECT id FROM series WHERE scope = 'total' AND traffic = 'live'),
    counts AS (
        SELECT total(n) AS n, total(valid) AS valid, total(good) AS good, total(saved) AS saved, total(cut) AS cut,
            total(rejected) AS rejected, total(cancelled) AS cancelled, total(latency_n) AS latency_n,
            total(latency_fast) AS latency_fast, total(cost_nano) AS cost, total(cost_n) AS cost_n,
            total(unpriced) AS unpriced
        FROM sli_minute WHERE series IN total AND start <= (SELECT until FROM span)
            AND start >= (SELECT until / 60 * 60 - 30 * 86400 FROM span)
    ),
    bucket AS (
        SELECT bucket, sum(n) AS n FROM latency_minute WHERE series IN total
            AND start <= (SELECT until FROM span) AND start >= (SELECT until / 60 * 60 - 30 * 86400 FROM span)
        GROUP BY bucket
    ),
    rank AS (SELECT bucket, sum(n) OVER (ORDER BY bucket) AS upto, sum(n) OVER () AS n FROM bucket)
SELECT
    (SELECT until FROM span) AS until,
    CAST(n AS INTEGER) AS requests, CAST(valid AS INTEGER) AS valid, CAST(good AS INTEGER) AS good,
    CAST(valid - good AS INTEGER) AS bad, CAST(saved AS INTEGER) AS saved, CAST(cut AS INTEGER) AS cut,
    CAST(rejected AS INTEGER) AS rejected, CAST(cancelled AS INTEGER) AS cancelled,
    good / nullif(valid, 0) AS success_rate,
    CAST(latency_n AS INTEGER) AS latency_n,
    (SELECT us / 1e6 FROM latency_bucket
        WHERE bucket = (SELECT min(bucket) FROM rank WHERE upto * 100 >= n * 50)) AS latency_p50_s,
    (SELECT us / 1e6 FROM latency_bucket
        WHERE bucket = (SELECT min(bucket) FROM rank WHERE upto * 100 >= n * 95)) AS latency_p95_s,
    (SELECT us / 1e6 FROM latency_bucket
        WHERE bucket = (SELECT min(bucket) FROM rank WHERE upto * 100 >= n * 99)) AS latency_p99_s,
    latency_fast / nullif(latency_n, 0) AS latency_share_in_target,
    CAST(cost AS INTEGER) AS cost_nano, CAST(cost_n AS INTEGER) AS cost_n, CAST(unpriced AS INTEGER) AS unpriced,
    cost / nullif(cost_n, 0) AS cost_nano_per_request, cost / nullif(cost_n, 0) / 1e9 AS cost_usd_per_request
FROM counts
;
CREATE VIEW budget_30d AS
-- The error budget over the last 30 days: 1 untouched, 0 spent, below 0 overspent.
-- A burn rate is the observed error ratio over the allowed one.
WITH
    recent AS (
        SELECT CAST(strftime('%s', 'now') AS INTEGER) - start / 60 * 60 AS age, valid, valid - good AS bad
        FROM sli_minute WHERE series IN (SELECT id FROM series WHERE scope = 'total' AND traffic = 'live')
            AND start >= strftime('%s', 'now') / 60 * 60 - 6 * 3600 AND start <= CAST(strftime('%s', 'now') AS INTEGER)
    ),
    target AS (SELECT value AS success FROM objective WHERE name = 'success')
SELECT s.until, t.success AS target, s.valid, s.bad, s.valid * (1 - t.success) AS allowed,
    1 - (s.bad * 1.0 / nullif(s.valid, 0)) / (1 - t.success) AS remaining,
    (SELECT sum(bad) * 1.0 / nullif(sum(valid), 0) FROM recent WHERE age / 60 <= 60) / (1 - t.success) AS burn_1h,
    (SELECT sum(bad) * 1.0 / nullif(sum(valid), 0) FROM recent) / (1 - t.success) AS burn_6h
FROM sli_30d AS s, target AS t
;
CREATE VIEW spend_by_feature AS
-- What each feature's requests cost over the last 24 hours and 30 days, drills and probes included: money is money.
WITH
    span AS (SELECT CAST(strftime('%s', 'now') AS INTEGER) AS until),
    minute AS (
        SELECT s.feature, m.start >= (SELECT until / 60 * 60 - 86400 FROM span) AS is_today,
            m.n, m.cost_nano, m.unpriced, m.tokens_in, m.tokens_out
        FROM series AS s JOIN sli_minute AS m ON m.series = s.id
        WHERE s.scope = 'request' AND m.start <= (SELECT until FROM span)
            AND m.start >= (SELECT until / 60 * 60 - 30 * 86400 FROM span)
    )
SELECT feature,
    sum(n * is_today) AS requests_24h, sum(cost_nano * is_today) AS cost_nano_24h,
    sum(n) AS requests_30d, sum(cost_nano) AS cost_nano_30d, sum(cost_nano) / 1e9 AS cost_usd_30d,
    sum(unpriced) AS unpriced_30d, sum(tokens_in) AS tokens_in_30d, sum(tokens_out) AS tokens_out_30d
FROM minute GROUP BY feature ORDER BY cost_nano_30d DESC, feature
;
COMMIT;
