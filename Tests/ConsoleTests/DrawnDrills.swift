/// What the screens of drills and of the cache look like.
enum DrawnDrills {
    static let start80x24 = #"""
         NINES  ● LIVE  DEMO  assistant → primary openai     data 0 s  Mon 14:03:27 UTC
        ╭─ what shall break? ─────────── 1 of 5 ─╮╭─ until it's boring ─────── weekly ─╮
        │ ▶ ✓ Revoke the primary's key        3× ││ streak  ● ○ ○  1 of 3 to boring    │
        │   - Revoke the key at the …            ││ last    ● 3 days ago               │
        │   ◇ Block the host: refused         3× ││                                    │
        │   ▲ Slow first token                3× ││ failover 0.31 s, slowest 4.79 s    │
        │   · A region is gone                   ││ ⠉⠉⠉⠁                               │
        │                                        ││        ⠐⠒⠒⠒⠤⠤⠤⠤⡀                   │
        │                                        ││ ⡀⡀⡀⡀⡀⡀⡀⡀⡀⡀⡀⡀⡀⡀⡀⠉⠉⠉⠑⠒⠒⠒⠢⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤ │
        ╰────────────────────────────────────────╯│                                    │
        ╭─ Revoke the primary's key ──── ✓ pass ─╮│ 2026-11-20 ✓ pass      0.31 s      │
        │ expect   the provider answers 401      ││   Revoke the primary's key         │
        │          once, the key is benched, the ││ 2026-11-13 ■ fail      0.38 s      │
        │          next deployment answers       ││   Block the host: refused          │
        │ breaks   openai, then anthropic        ││ 2026-11-06 ✓ pass      0.59 s      │
        │          answers                       ││   Slow first token                 │
        │                                        ││ 2026-10-30 ◇ aborted   0.94 s      │
        │ Enter  opens it; nothing breaks yet    ││   Revoke the primary's key         │
        │ h l  another provider: 1 of 2          ││ 2026-10-23 ▲ findings  1.43 s      │
        │ r  another name than ana               ││   Block the host: refused          │
        │ f  makes it thirty minutes; now five   ││ 2026-10-16 ■ fail      2.06 s      │
        ╰────────────────────────────────────────╯╰────────────────────────────────────╯
         13:41 ● openai serves again: probe ok, 100 % of the load
         Enter open it  j k choose  h l provider  f speed  Tab history  r roles  q quit
        """#

    static let roles80x24 = #"""
         NINES  ● LIVE  ○ NOTHING BROKEN                                   14:03:27 UTC
        ╭─ clock ─────── of 30:00 ─╮╭─ Revoke the primary's key ──────────────── LIVE ─╮
        │ T+ ▀█  ▀▀█ ▄ █ █ ▀▀█     ││▶ 1 brief       to 02:00 · 5 observe        16:00 │
        │     █  █▀▀ ▄ ▀▀█   █     ││· 2 pre-checks     05:00 · 6 restore        20:00 │
        │    ▀▀▀ ▀▀▀     ▀   ▀     ││· 3 baseline       07:00 · 7 verify         25:00 │
        │ left 17:12  ▲ +10:47     ││· 4 induce         10:00 · 8 closeout       30:00 │
        ╰───────── no fault is in ─╯╰──────────────────────────────────────────────────╯
        ╭─ 1 brief ───────────────────────────────────────────────────── step 1 of 38 ─╮
        │ ◉ LEAD  nobody holds this role: r takes it                                   │
        │ “Who leads, who operates, who writes?”                                       │
        │ expect  THREE ROLES HELD                                                     │
        │ sees    nothing yet                                                          │
        │ Enter  takes a role: one person may hold all three                           │
        │ if not  ! then y restores at once; the finding is kept                       │
        │ next    Go or no-go to restore?                                              │
        ╰───────────────────────────────── ◉ ticks itself   □ you confirm   ◆ you act ─╯
        ╭─ scribe ── n note · c decision · t todo ─╮╭─ live ── now 30 d · before 15 m ─╮
        │ T+11:05 note  slack rang on the phone    ││ p95        1.84 s ●            — │
        │               -ana                       ││ success   99.87 % ●            — │
        │ T+12:10 todo  cost alert after failover? ││ cost      $0.0071 ●            — │
        │               -ana                       ││ budget     74.2 % ●            — │
        ╰──────────────────────────────────────────╯╰──────────────────────────────────╯
         guard ● 9 of 9 stop rules hold
         Enter take roles  ! abort  n note  c decision  t todo  u undo  s skip  q quit
        """#

    static let checks80x24 = #"""
         NINES  ● LIVE  ○ NOTHING BROKEN  ana holds all roles              14:03:27 UTC
        ╭─ clock ─────── of 30:00 ─╮╭─ Revoke the primary's key ──────────────── LIVE ─╮
        │ T+ ▀█  ▀▀█ ▄ █ █ ▀▀█     ││✓ 1 brief         -00:08 · 5 observe        16:00 │
        │     █  █▀▀ ▄ ▀▀█   █     ││▶ 2 pre-checks  to 05:00 · 6 restore        20:00 │
        │    ▀▀▀ ▀▀▀     ▀   ▀     ││· 3 baseline       07:00 · 7 verify         25:00 │
        │ left 17:12  ▲ +07:47     ││· 4 induce         10:00 · 8 closeout       30:00 │
        ╰───────── no fault is in ─╯╰──────────────────────────────────────────────────╯
        ╭─ 2 pre-checks ─────────────────────────────────────────────── step 24 of 38 ─╮
        │ ✓ ◉ OPERATOR secondary answers ····· 204 ms                          T+02:10 │
        │ ✓ ◉ OPERATOR budget above minimum ·· 74.2 %                          T+02:10 │
        │ ✓ ◉ OPERATOR no alert firing ······· none                            T+02:10 │
        │ ✓ ◉ OPERATOR bypass off ············ off                             T+02:10 │
        │ ✓ ◉ OPERATOR cache kept out ········ yes                             T+02:10 │
        │ ✓ ◉ OPERATOR restore path proven ··· openai answered                 T+02:10 │
        │ ✓ ◉ OPERATOR no other drill ········ none                            T+02:10 │
        │ ▶ ◉ OPERATOR enough traffic ········ sees 0 requests in 5 minutes            │
        │              mend it: send traffic, or set nines.drill.probe_rps             │
        │   ◉ OPERATOR pagers reached ········ sees slack: HTTP 500                    │
        │   □ LEAD     go ···················· GO                                      │
        │                                                                              │
        │ 2 of 9 are missing: your step, ana; each ticks itself, by no key             │
        ╰───────────────────────────────── ◉ ticks itself   □ you confirm   ◆ you act ─╯
         guard ● 9 of 9 stop rules hold
         Enter waits  ! abort  n note  c decision  t todo  u undo  s skip  q quit
        """#

    static let observe80x24 = #"""
         NINES  ◆ DRILL  ■ FAULT IN  ana holds all roles                   14:03:27 UTC
        ╭─ clock ─────── of 30:00 ─╮╭─ Revoke the primary's key ──────────────── LIVE ─╮
        │ T+ ▀█  ▀▀█ ▄ █ █ ▀▀█     ││✓ 1 brief         -00:08 ▶ 5 observe     to 16:00 │
        │     █  █▀▀ ▄ ▀▀█   █     ││✓ 2 pre-checks    -00:01 · 6 restore        20:00 │
        │    ▀▀▀ ▀▀▀     ▀   ▀     ││✓ 3 baseline      +00:06 · 7 verify         25:00 │
        │ left 17:12  ▲ +00:13     ││✓ 4 induce        +00:13 · 8 closeout       30:00 │
        ╰────── restores in 07:48 ─╯╰──────────────────────────────────────────────────╯
        ╭─ 5 observe ────────────────────────────────────────────────── step 24 of 38 ─╮
        │ ◉ OPERATOR  your step, ana                                                   │
        │ “Read me the latency and how long it has held.”                              │
        │ expect  IN TARGET FOR TWO MINUTES                                            │
        │ sees    p95 2.21 s  ━━━━━━━━━━━━━━━━────────  held 01:22 of 02:00            │
        │ ◉ ticks itself when Nines sees it: no key does                               │
        │ if not  ! then y restores at once; the finding is kept                       │
        │ next    Go or no-go to restore?                                              │
        ╰───────────────────────────────── ◉ ticks itself   □ you confirm   ◆ you act ─╯
        ╭─ scribe ── n note · c decision · t todo ─╮╭─ stop rules ─── ! then y aborts ─╮
        │ T+11:05 note  slack rang on the phone    ││ ● success under 95.00 %  99.81 % │
        │               -ana                       ││ ● over 5 lost, 10 % …   0 of 4.6 │
        │ T+12:10 todo  cost alert after failover? ││ ● p95 over 7.50 s         2.21 s │
        │               -ana                       ││ ● and 6 more that hold           │
        ╰──────────────────────────────────────────╯╰──────────────────────────────────╯
         guard ● 9 of 9 stop rules hold; a broken one takes the fault out by itself
         Enter waits  ! abort  n note  c decision  t todo  u undo  s skip  q quit
        """#

    static let observeASCII80x24 = #"""
         NINES  * DRILL  X FAULT IN  ana holds all roles                   14:03:27 UTC
        +- clock ------- of 30:00 -++- Revoke the primary's key ---------------- LIVE -+
        | T+      _         _      ||+ 1 brief         -00:08 > 5 observe     to 16:00 |
        |      |  _| . |_|   |     ||+ 2 pre-checks    -00:01 - 6 restore        20:00 |
        |      | |_  .   |   |     ||+ 3 baseline      +00:06 - 7 verify         25:00 |
        | left 17:12  ! +00:13     ||+ 4 induce        +00:13 - 8 closeout       30:00 |
        +------ restores in 07:48 -++--------------------------------------------------+
        +- 5 observe -------------------------------------------------- step 24 of 38 -+
        | o OPERATOR  your step, ana                                                   |
        | "Read me the latency and how long it has held."                              |
        | expect  IN TARGET FOR TWO MINUTES                                            |
        | sees    p95 2.21 s  ================--------  held 01:22 of 02:00            |
        | o ticks itself when Nines sees it: no key does                               |
        | if not  ! then y restores at once; the finding is kept                       |
        | next    Go or no-go to restore?                                              |
        +--------------------------------- o ticks itself   - you confirm   * you act -+
        +- scribe -- n note - c decision - t todo -++- stop rules --- ! then y aborts -+
        | T+11:05 note  slack rang on the phone    || + success under 95.00 %  99.81 % |
        |               -ana                       || + over 5 lost, 10 % ~   0 of 4.6 |
        | T+12:10 todo  cost alert after failover? || + p95 over 7.50 s         2.21 s |
        |               -ana                       || + and 6 more that hold           |
        +------------------------------------------++----------------------------------+
         guard + 9 of 9 stop rules hold; a broken one takes the fault out by itself
         Enter waits  ! abort  n note  c decision  t todo  u undo  s skip  q quit
        """#

    static let sign80x24 = #"""
         NINES  ● LIVE  ● FAULT OUT  ana holds all roles                   14:03:27 UTC
        ╭─ clock ─────── of 30:00 ─╮╭─ Revoke the primary's key ──────────────── LIVE ─╮
        │ T+ ▀█  ▀▀█ ▄ █ █ ▀▀█     ││✓ 1 brief         -00:08 ✓ 5 observe       +00:20 │
        │     █  █▀▀ ▄ ▀▀█   █     ││✓ 2 pre-checks    -00:01 ✓ 6 restore       +00:27 │
        │    ▀▀▀ ▀▀▀     ▀   ▀     ││✓ 3 baseline      +00:06 ✓ 7 verify        +00:34 │
        │ left 17:12  ▲ +00:34     ││✓ 4 induce        +00:13 ▶ 8 closeout    to 30:00 │
        ╰─────── the fault is out ─╯╰──────────────────────────────────────────────────╯
        ╭─ 8 closeout ───────────────────────────────────────────────── step 24 of 38 ─╮
        │ ◆ OPERATOR  your step, ana                                                   │
        │ “Operator, do you sign?”                                                     │
        │ expect  SIGNED                                                               │
        │ Enter  signs as ana                                                          │
        │ why     a slow failover breaks the promise as an error does                  │
        │ if not  ! then y restores at once; the finding is kept                       │
        │ next    Go or no-go to restore?                                              │
        ╰───────────────────────────────── ◉ ticks itself   □ you confirm   ◆ you act ─╯
        ╭─ scribe ── n note · c decision · t todo ─╮╭─ findings ───── F new · x close ─╮
        │ T+11:05 note  slack rang on the phone    ││ ▶ ▲ the cost alert came twenty   │
        │               -ana                       ││     minutes after the failover   │
        │ T+12:10 todo  cost alert after failover? ││     detect · ana · due           │
        │               -ana                       ││ □ to sign: operator, scribe      │
        ╰──────────────────────────────────────────╯╰──────────────────────────────────╯
         13:41 ● openai serves again: probe ok, 100 % of the load
         Enter sign  F finding  x close finding  n note  c decision  t todo  q quit
        """#

    static let over80x24 = #"""
         NINES  ● LIVE  ✓ CLOSED  ana holds all roles                      14:03:27 UTC
        ╭─ Revoke the primary's key ── took 12:47 ─╮╭─ measured ──── as in the report ─╮
        │                                          ││ requests, fault in           412 │
        │ ▲ PASS WITH FINDINGS                     ││ failed over                   63 │
        │                                          ││ by the secondary             398 │
        │ report                                   ││ lost, until it closed          0 │
        │ ~/drills/drill-20261123-140040.md        ││ time to detect             48 ms │
        │ verify                                   ││ time to failover          0.31 s │
        │ nines drill verify drill-20261123-140040 ││ time to alert             5.20 s │
        │ lost    no request was lost              ││ time to acknowledge      31.00 s │
        │ streak  1 of 3 to boring                 ││ time to mitigation             — │
        │                                          │╰──────────────────────────────────╯
        │ ▲ it was acknowledged: not seen          │╭─ findings ───────────────────────╮
        │ ✓ no request of a user was lost: 0 lost  ││   ▲ the cost alert came twenty   │
        │                                          ││     minutes after the failover   │
        │ Enter  chooses the next drill            ││     detect · ana · due           │
        │ Esc  goes back to the panes              ││     2026-12-04                   │
        │                                          ││   ✓ the pager's number was that  │
        │                                          ││     of somebody who left         │
        │                                          ││     process · bo · closed        │
        │                                          ││ ✓ signed by all                  │
        ╰──────────────────────────────────────────╯╰──────────────────────────────────╯
         13:41 ● openai serves again: probe ok, 100 % of the load
         Enter next drill  Esc back  ? help  q quit
        """#

    static let interrupted80x24 = #"""
         NINES  ● LIVE  assistant → primary openai  since 13:41  data 0 s  14:03:27 UTC
         ◆ DRILL interrupted · everything is restored                   d closes it out
        ╭─ 1 p95 latency ──╮╭─ 2 success rate ─╮╭─ 3 cost ─────────╮╭─ 4 budget ───────╮
        │ 1.84 s      ● OK ││ 99.87 %     ● OK ││ $0.0071     ● OK ││ 74.2 %      ● OK │
        │ target ≤ 2.50 s  ││ target ≥ 99.50 % ││ target ≤ $0.0150 ││ 1h 0.4× 6h 0.9×  │
        │ first token      ││ 16 lost          ││ today $14.20     ││ 16 of 62 failed  │
        │ ⠒⠒⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤ ││ ⠒⠒⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉ ││ ⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤ ││ ⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒ │
        ╰──────────────────╯╰──────────────────╯╰──────────────────╯╰──────────────────╯
        ╭─ 5 providers ──────────────────── last 15 m ─╮╭─ 6 what happened ────────────╮
        │   deployment  state               p95   ok % ││ 13:41 ● openai serves again: │
        │ ▶ openai      ● OK             1.71 s  99.91 ││         probe ok, 100 % of … │
        │   ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━───── ││ 13:41 · openai: probe sent   │
        │   anthropic   ● OK             2.02 s  99.98 ││ 13:38 ● assistant failed     │
        │   ━━━━━───────────────────────────────────── ││         over to anthropic i… │
        ╰──────────────────────────────────────────────╯╰──────────────────────────────╯
        ╭─ 7 requests ─────────────────────────────────────────────────── following ● ─╮
        │ time          feature    by           total     cost  note                   │
        │ 14:03:27.400  summarise  openai      2.08 s  $0.0031                         │
        │ 14:03:27.113  classify   openai      2.54 s  $0.0056                         │
        │ 14:03:26.826  chat       openai      0.89 s  $0.0077                         │
        │ 14:03:26.539  extract    anthropic   2.62 s  $0.0047                         │
        ╰──────────────────────────────────────────────────────────────────────────────╯
         listening on http://127.0.0.1:4000/v1 · 3 in flight · 12,480 requests in 30 d…
         ? help  Tab pane  Enter open  b bypass  d drill  / filter  p freeze  q quit
        """#

    static let observe120x40 = #"""
         NINES  ◆ DRILL  ■ FAULT IN  ana holds all roles  assistant → primary openai  since 13:41  then anthropic  14:03:27 UTC
        ╭─ clock ───────────────── of 30:00 ─╮╭─ Revoke the primary's key ─────────────────────────── planned  actual   delta ─╮
        │ T+   ▀█  ▀▀▀█   █  █ ▀▀▀█          ││ ✓ 1 brief       ━━━━━━━━━━━━━━━━━━━━━━━━         00:00–02:00    01:52  -00:08  │
        │       █  ▄▄▄█ ▀ █▄▄█    █          ││ ✓ 2 pre-checks  ━━━━━━━━━━━━━━━━━━━━━━━━         02:00–05:00    04:59  -00:01  │
        │       █  █    ▀    █    █          ││ ✓ 3 baseline    ━━━━━━━━━━━━━━━━━━━━━━━━         05:00–07:00    07:06  +00:06  │
        │      ▀▀▀ ▀▀▀▀      ▀    ▀          ││ ✓ 4 induce      ━━━━━━━━━━━━━━━━━━━━━━━━         07:00–10:00    10:13  +00:13  │
        │                                    ││ ▶ 5 observe     ━━━━━━━━━━──────────────         10:00–16:00      now          │
        │ left 17:12  ▲ 00:13 behind plan    ││ · 6 restore     ────────────────────────         16:00–20:00                   │
        │ wall 14:03:27 UTC                  ││ · 7 verify      ────────────────────────         20:00–25:00                   │
        │ restores itself in 07:48           ││ · 8 closeout    ────────────────────────         25:00–30:00                   │
        ╰────────────────────────────────────╯╰────────────────────────────────────────────────────────────────────────────────╯
        ╭─ 5 observe ────────────────────────────────────────── step 24 of 38 ─╮╭─ scribe ────── n note · c decision · t todo ─╮
        │ ✓ □ SCRIBE   detected ······ 4 s                             T+10:51 ││ T+00:00 auto  drill opened: Revoke the       │
        │ ✓ ◉ LEAD     alert ········· key revoked                     T+10:41 ││               primary's key -ana             │
        │ ✓ ◉ OPERATOR acknowledged ·· ana                             T+11:07 ││ T+00:40 crew  lead is ana                    │
        │ ✓ ◉ OPERATOR success held ·· 99.81 %                         T+12:40 ││ T+04:58 done  go: GO -ana                    │
        │ ▶ ◉ OPERATOR latency held ·· IN TARGET FOR TWO MINUTES               ││ T+07:02 seen  baseline: p95 1.84 s, 99.87 %  │
        │   □ LEAD     restore go ···· GO                                      ││ T+10:36 FAULT revoke the key -ana            │
        │                                                                      ││ T+10:36 auto  the first failure is seen: 401 │
        │ ◉ OPERATOR  your step, ana                                           ││               invalid_api_key from openai    │
        │ “Read me the latency and how long it has held.”                      ││ T+10:36 seen  failover: anthropic answered   │
        │ sees    p95 2.21 s  ━━━━━━━━━━━━━━━━────────  held 01:22 of 02:00    ││               after 310 ms                   │
        │ ◉ ticks itself when Nines sees it: no key does                       ││ T+11:05 note  slack rang on the phone -ana   │
        │ if not  ! then y restores at once; the finding is kept               ││ T+12:10 todo  cost alert after failover?     │
        │ next    Go or no-go to restore?                                      ││               -ana                           │
        ╰───────────────────────── ◉ ticks itself   □ you confirm   ◆ you act ─╯╰──────────────────────────────────────────────╯
        ╭─ live ─────────────────────────────────────── now 5 m · before 15 m ─╮╭─ stop rules ─────────────── ! then y aborts ─╮
        │               now           before   target                          ││ ● success under 95.00 %              99.81 % │
        │ p95        2.21 s  ● OK     1.84 s   ≤ 2.50 s   ⠒⠒⠒⠒⠒⠒⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤ ││ ● over 5 lost, 10 % of budget left  0 of 4.6 │
        │ success   99.81 %  ● OK     99.87 %  ≥ 99.50 %  ⠒⠔⠢⠒⠒⠒⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉ ││ ● p95 over 7.50 s                     2.21 s │
        │ cost      $0.0093  ● OK     $0.0093  ≤ $0.0150  ⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤ ││ ● cost per request over $0.0300      $0.0093 │
        │ budget     74.2 %  ● OK     74.2 %              ⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒ ││ ● drill spend, without a cap         $0.0213 │
        │                                                                      ││ ● secondary errors over 20 %           0.0 % │
        │                                                                      ││ ● no effect within 60 s                 seen │
        │                                                                      ││ ● longer than 30:00                    12:47 │
        │ since the fault: requests 412 · failed over 63 · lost 0              ││ ● an alert that is not the drill's      none │
        ╰──────────────────────────────────────────────────────────────────────╯╰──────────────────────────────────────────────╯
         guard ● 9 of 9 stop rules hold; a broken one takes the fault out by itself
        ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
         Enter waits  ! abort  n note  c decision  t todo  u undo  s skip  H hold  Tab more  ? help  v dashboard  q quit
        """#

    static let history120x40 = #"""
         NINES  ● LIVE  DEMO  assistant → primary openai  since 13:41  then anthropic   30 d window  data 0 s  Mon 14:03:27 UTC
        ╭─ until it's boring ──────────────────────────────────────────────────────────────────────────────────────── monthly ─╮
        │ ✓ BORING: 5 clean drills in a row                                                                                    │
        │ Nothing new to see every week: now monthly.                                                                          │
        │ last    ● 3 days ago                                                                                  1 open finding │
        │                                                                                                                      │
        │ failover 0.31 s, slowest 4.79 s                                                                             8 drills │
        │ ⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠂                                                                                                        │
        │                                                                                                                      │
        │                          ⠈⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⢱⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⡀                                                                 │
        │                                                    ⠸⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀                                        │
        │ ⡀⡀⡀⡀⡀⡀⡀⡀⡀⡀⡀⡀⡀⡀⡀⡀⡀⡀⡀⡀⡀⡀⡀⡀⡀⡀⡀⡀⡀⡀⡀⡀⡀⡀⡀⡀⡀⡀⡀⡀⡀⡀⡀⡀⡀⡀⡀⡀⡀⡀⡀⡀⡀⡀⡀⡀⡀⡀⡀⡀⡀⡀⡀⡀⡀⡀⡀⡀⡀⡀⡀⡀⡀⡀⡀⡀⡀⠓⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤ │
        │                                                                                                                      │
        │ 2026-11-20 ✓ pass       0.31 s  Revoke the primary's key                                                             │
        │ 2026-11-13 ✓ pass       0.38 s  Block the host: refused                                                              │
        │ 2026-11-06 ✓ pass       0.59 s  Slow first token                                                                     │
        │ 2026-10-30 ✓ pass       0.94 s  Revoke the primary's key                                                             │
        │ 2026-10-23 ✓ pass       1.43 s  Block the host: refused                                                              │
        │ 2026-10-16 ■ fail       2.06 s  Slow first token                                                                     │
        │ 2026-10-09 ✓ pass       2.83 s  Revoke the primary's key                                                             │
        │ 2026-10-02 ◇ aborted         —  Block the host: refused                                                              │
        │ 2026-09-25 ▲ findings   4.79 s  Slow first token                                                                     │
        │                                                                                                                      │
        │ tried                                       openai     mistral    anthropic                                          │
        │ Revoke the primary's key                    ✓ 2×       · never    ✓ 1×                                               │
        │ Block the host: refused                     ✓ 2×       · never    ◇ 1×                                               │
        │ Slow first token                            ✓ 3×       · never    · never                                            │
        │ Revoke the key at the provider              · never    · never    · never                                            │
        │ A region is gone                            · never    · never    · never                                            │
        │                                                                                                                      │
        │                                                                                                                      │
        │                                                                                                                      │
        │                                                                                                                      │
        │                                                                                                                      │
        │                                                                                                                      │
        │                                                                                                                      │
        ╰──────────────────────────────────────────────────────────────────────────────────────────────────────────────────────╯
         13:41 ● openai serves again: probe ok, 100 % of the load
        ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
         Enter open it  j k choose  h l provider  f speed  Tab scenarios  r roles  Esc back  ? help  q quit
        """#

    static let over120x40 = #"""
         NINES  ● LIVE  ✓ CLOSED  ana holds all roles  assistant → primary openai  since 13:41  then anthropic     14:03:27 UTC
        ╭─ Revoke the primary's key ────────────────────────────── took 12:47 ─╮╭─ measured ──────────────── as in the report ─╮
        │                                                                      ││ requests, fault in                       412 │
        │ ▲ PASS WITH FINDINGS                                                 ││ failed over                               63 │
        │                                                                      ││ by the secondary                         398 │
        │ report  ~/drills/drill-20261123-140040.md                            ││ lost, until it closed                      0 │
        │ verify  nines drill verify drill-20261123-140040                     ││ time to detect                         48 ms │
        │ lost    no request was lost                                          ││ time to failover                      0.31 s │
        │ streak  1 of 3 to boring                                             ││ time to alert                         5.20 s │
        │                                                                      ││ time to acknowledge                  31.00 s │
        │ ▲ it was acknowledged: not seen                                      ││ time to mitigation                         — │
        │ ✓ no request of a user was lost: 0 lost                              │╰──────────────────────────────────────────────╯
        │                                                                      │╭─ findings ───────────────────────────────────╮
        │ Enter  chooses the next drill                                        ││   ▲ the cost alert came twenty minutes after │
        │ Esc  goes back to the panes                                          ││     the failover                             │
        │                                                                      ││     detect · ana · due 2026-12-04            │
        ╰──────────────────────────────────────────────────────────────────────╯│   ✓ the pager's number was that of somebody  │
        ╭─ scribe ─────────────────────────────────────────────────────────────╮│     who left                                 │
        │ T+00:00 auto  drill opened: Revoke the primary's key -ana            ││     process · bo · closed                    │
        │ T+00:40 crew  lead is ana                                            ││                                              │
        │ T+04:58 done  go: GO -ana                                            ││ lead      ✓ signed by ana                    │
        │ T+07:02 seen  baseline: p95 1.84 s, 99.87 %                          ││ operator  ✓ signed by ana                    │
        │ T+10:36 FAULT revoke the key -ana                                    ││ scribe    ✓ signed by ana                    │
        │ T+10:36 auto  the first failure is seen: 401 invalid_api_key from    │╰──────────────────────────────────────────────╯
        │               openai                                                 │╭─ until it's boring ───────────────── weekly ─╮
        │ T+10:36 seen  failover: anthropic answered after 310 ms              ││ streak  ● ○ ○  1 of 3 to boring              │
        │ T+11:05 note  slack rang on the phone -ana                           ││ last    ● 3 days ago          1 open finding │
        │ T+12:10 todo  cost alert after failover? -ana                        ││                                              │
        │                                                                      ││ 2026-11-20 ✓ pass      0.31 s                │
        │                                                                      ││   Revoke the primary's key                   │
        │                                                                      ││ 2026-11-13 ■ fail      0.38 s                │
        │                                                                      ││   Block the host: refused                    │
        │                                                                      ││ 2026-11-06 ✓ pass      0.59 s                │
        │                                                                      ││   Slow first token                           │
        │                                                                      ││ 2026-10-30 ◇ aborted   0.94 s                │
        │                                                                      ││   Revoke the primary's key                   │
        ╰──────────────────────────────────────────────────────────────────────╯╰──────────────────────────────────────────────╯
         13:41 ● openai serves again: probe ok, 100 % of the load
        ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
         Enter next drill  Esc back  ? help  q quit
        """#

    static let observe200x50 = #"""
         NINES  ◆ DRILL  ■ FAULT IN  ana holds all roles  assistant → primary openai  since 13:41  then anthropic                                                                                  14:03:27 UTC
        ╭─ clock ───────────────────────────────────── of 30:00 ─╮╭─ Revoke the primary's key ─────────────────────────────────────────────────────────────────────────────────────── planned  actual   delta ─╮
        │                                                        ││ ✓ 1 brief       roles, hypothesis, stop rules       ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━                 00:00–02:00    01:52  -00:08  │
        │ T+   ▀█  ▀▀▀█   █  █ ▀▀▀█                              ││ ✓ 2 pre-checks  is it safe to break it?             ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━                 02:00–05:00    04:59  -00:01  │
        │       █  ▄▄▄█ ▀ █▄▄█    █                              ││ ✓ 3 baseline    what normal looks like              ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━                 05:00–07:00    07:06  +00:06  │
        │       █  █    ▀    █    █                              ││ ✓ 4 induce      the operator breaks the primary     ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━                 07:00–10:00    10:13  +00:13  │
        │      ▀▀▀ ▀▀▀▀      ▀    ▀                              ││ ▶ 5 observe     failover, alert, figures in target  ━━━━━━━━━━━━━━━━━───────────────────────                 10:00–16:00      now          │
        │                                                        ││ · 6 restore     the fault out, the primary back     ────────────────────────────────────────                 16:00–20:00                   │
        │ left 17:12  ▲ 00:13 behind plan                        ││ · 7 verify      everything as it was before         ────────────────────────────────────────                 20:00–25:00                   │
        │ wall 14:03:27 UTC                                      ││ · 8 closeout    findings, signatures, report        ────────────────────────────────────────                 25:00–30:00                   │
        │ restores itself in 07:48                               ││                                                                                                                                            │
        ╰────────────────────────────────────────────────────────╯╰────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────╯
        ╭─ 5 observe ────────────────────────────────────────────────────────────────────── step 24 of 38 ─╮╭─ scribe ────────────── n note · c decision · t todo ─╮╭─ stop rules ─────────── ! then y aborts ─╮
        │ ✓ ◉ OPERATOR failover ······ anthropic answered after 310 ms                             T+10:36 ││ T+00:00 auto  drill opened: Revoke the primary's key ││ ● success under 95.00 %          99.81 % │
        │ ✓ □ SCRIBE   detected ······ 4 s                                                         T+10:51 ││               -ana                                   ││ ● over 5 lost, 10 % of budget   0 of 4.6 │
        │ ✓ ◉ LEAD     alert ········· key revoked                                                 T+10:41 ││ T+00:40 crew  lead is ana                            ││   left                                   │
        │ ✓ ◉ OPERATOR acknowledged ·· ana                                                         T+11:07 ││ T+04:58 done  go: GO -ana                            ││ ● p95 over 7.50 s                 2.21 s │
        │ ✓ ◉ OPERATOR success held ·· 99.81 %                                                     T+12:40 ││ T+07:02 seen  baseline: p95 1.84 s, 99.87 %          ││ ● cost per request over $0.0300  $0.0093 │
        │ ▶ ◉ OPERATOR latency held ·· IN TARGET FOR TWO MINUTES                                           ││ T+10:36 FAULT revoke the key -ana                    ││ ● drill spend, without a cap     $0.0213 │
        │   □ LEAD     restore go ···· GO                                                                  ││ T+10:36 auto  the first failure is seen: 401         ││ ● secondary errors over 20 %       0.0 % │
        │                                                                                                  ││               invalid_api_key from openai            ││ ● no effect within 60 s             seen │
        │ ◉ OPERATOR  your step, ana                                                                       ││ T+10:36 seen  failover: anthropic answered after 310 ││ ● longer than 30:00                12:47 │
        │ “Read me the latency and how long it has held.”                                                  ││               ms                                     ││ ● an alert that is not the drill's  none │
        │ sees    p95 2.21 s  ━━━━━━━━━━━━━━━━────────  held 01:22 of 02:00                                ││ T+11:05 note  slack rang on the phone -ana           │╰──────────────────────────────────────────╯
        │ ◉ ticks itself when Nines sees it: no key does                                                   ││ T+12:10 todo  cost alert after failover? -ana        │╭─ measured ──────────── from the journal ─╮
        │ why     a slow failover breaks the promise as an error does                                      ││                                                      ││ requests since the fault             412 │
        │ if not  ! then y restores at once; the finding is kept                                           ││                                                      ││ failed over                           63 │
        │ next    Go or no-go to restore?                                                                  ││                                                      ││ by the secondary                     398 │
        │                                                                                                  ││                                                      ││ lost                                   0 │
        │                                                                                                  ││                                                      ││ time to detect                     48 ms │
        │                                                                                                  ││                                                      ││ time to failover                  0.31 s │
        │                                                                                                  ││                                                      ││ time to alert                     5.20 s │
        │                                                                                                  ││                                                      ││ time to acknowledge              31.00 s │
        │                                                                                                  ││                                                      ││ time to mitigation                     — │
        │                                                                                                  ││                                                      ││ time to restore                        — │
        ╰───────────────────────────────────────────────────── ◉ ticks itself   □ you confirm   ◆ you act ─╯╰──────────────────────────────────────────────────────╯╰──────────────────────────────────────────╯
        ╭─ live ─────────────────────────────────────────────────────────────────── now 5 m · before 15 m ─╮╭─ findings ───────────────────────── F new · x close ─╮╭─ until it's boring ───────────── weekly ─╮
        │               now           before   target                                                      ││ nothing to mend so far: F writes a finding, with its ││ streak  ● ○ ○  1 of 3 to boring          │
        │ p95        2.21 s  ● OK     1.84 s   ≤ 2.50 s   ⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠒⠒⠒⠒⠒⠒⠒⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤ ││ owner and its day                                    ││ last    ● 3 days ago      1 open finding │
        │ success   99.81 %  ● OK     99.87 %  ≥ 99.50 %  ⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠒⠔⠒⠒⠔⠢⠒⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉ ││                                                      ││                                          │
        │ cost      $0.0093  ● OK     $0.0093  ≤ $0.0150  ⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤ ││                                                      ││ 2026-11-20 ✓ pass      0.31 s            │
        │ budget     74.2 %  ● OK     74.2 %              ⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒ ││                                                      ││   Revoke the primary's key               │
        │                                                                                                  ││                                                      ││ 2026-11-13 ■ fail      0.38 s            │
        │                                                                                                  ││                                                      ││   Block the host: refused                │
        │                                                                                                  ││                                                      ││ 2026-11-06 ✓ pass      0.59 s            │
        │ since the fault: requests 412 · failed over 63 · lost 0                                          ││                                                      ││   Slow first token                       │
        ╰──────────────────────────────────────────────────────────────────────────────────────────────────╯╰──────────────────────────────────────────────────────╯╰──────────────────────────────────────────╯
         guard ● 9 of 9 stop rules hold; a broken one takes the fault out by itself
        ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
         Enter waits  ! abort  n note  c decision  t todo  u undo  s skip  H hold  ? help  v dashboard  r roles  F finding  q quit
        """#

    static let cache80x24 = #"""
         NINES  ■ OFFLINE since 13:41  assistant → primary openai          14:03:27 UTC
         ■ OFFLINE for 22 m  serving stored answers; the rest …  3 deferred  C shows it
        ╭─ cache ────────────────────────────────────────────────────────── last 24 h ─╮
        │                                                                              │
        │  network    ■ OFFLINE  since 13:41                                           │
        │  serves     stored answers; the rest is deferred where the client allows it  │
        │  hit rate   63.4 %  ━━━━━━━━━━━━━━━━━━━───────────                           │
        │  requests   18,204 hits · 41 stale · 603 joined · 10,911 misses              │
        │  saved      $6.87 and 41 m of waiting                                        │
        │             $1.12 more by the providers' prompt caches                       │
        │  entries    18,204 · 96 MB of 512 MB                                         │
        ╰──────────────────────────────────────────────────────────────────────────────╯
        ╭─ deferred requests ─────────────────────────── 3 of 1,000 wait, oldest 20 m ─╮
        │   feature                    tenant                         age  state       │
        │ ▶ summarise                  acme                          20 m  waiting     │
        │   extract                    bolt                          17 m  waiting     │
        │   chat                       acme                          13 m  waiting     │
        │                                                                              │
        │                                                                              │
        │                                                                              │
        │                                                                              │
        ╰─────────────────────────────────────────────────── c cancels the marked one ─╯
         13:41 ● openai serves again: probe ok, 100 % of the load
         ? help  Esc back  Tab pane  Enter open  b bypass  d drill  c cancel  q quit
        """#

    static let offline120x40 = #"""
         NINES  ■ OFFLINE since 13:41  assistant → primary openai           30 d window  trend 52 m  data 0 s  Mon 14:03:27 UTC
         ■ OFFLINE for 22 m  serving stored answers; the rest is deferred where the client allows it     3 deferred  C shows it
        ╭─ 1 p95 latency ───── ● OK ─╮╭─ 2 success rate ──── ● OK ─╮╭─ 3 cost per request  ● OK ─╮╭─ 4 error budget left ● OK ─╮
        │ ▀█    █▀█ █ █              ││ █▀█ █▀█   █▀█ ▀▀█          ││ $ █▀█   █▀█ █▀█ ▀▀█ ▀█     ││ ▀▀█ █ █   ▀▀█              │
        │  █    █▀█ ▀▀█              ││ ▀▀█ ▀▀█   █▀█   █          ││   █ █   █ █ █ █   █  █     ││   █ ▀▀█   █▀▀              │
        │ ▀▀▀ ▀ ▀▀▀   ▀ s            ││ ▀▀▀ ▀▀▀ ▀ ▀▀▀   ▀ %        ││   ▀▀▀ ▀ ▀▀▀ ▀▀▀   ▀ ▀▀▀    ││   ▀   ▀ ▀ ▀▀▀ %            │
        │ target ≤ 2.50 s  98.2 % in ││ target ≥ 99.50 %           ││ target ≤ $0.0150           ││ burn 1 h 0.4×  6 h 0.9×    │
        │ first token · n 12,480     ││ 16 lost · 41 saved         ││ today $14.20 · n 12,480    ││ 16 of 62 failed            │
        │      ⡀  ⢀  ⢀               ││ ⠢⠒⠊⠢⠤⡀      ⡤⠒⠱⠔⠱⠔⠱⠓⠜⠢⠳⠢⠒⠒ ││                            ││ ⣀⣀⣀⣀⣀⣀⣀⣀⣀⣀                 │
        │ ⠄⠄⠄⠄⠄⡏⠑⠉⠊⠉⠑⠁⡇⠄⠄⠄⠄⠄⠄⠄⠄⠄⠄⠄⠄⠄ ││ ⠂⠂⠂⠂⠂⡧⣀⢠⡀⡠⢄⠤⠃⠂⠂⠂⠂⠂⠂⠂⠂⠂⠂⠂⠂⠂ ││ ⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁ ││           ⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉ │
        │ ⠊⠑⠑⠊⠒⠁      ⠉⠑⠉⠑⠉⠊⠒⠊⠑⠊⠊⠑⠉⠒ ││        ⠁⠈                  ││ ⠤⠔⠔⠢⠔⠉⠉⠑⠑⠑⠑⠉⠦⠔⠔⠒⠒⠤⠢⠢⠒⠒⠢⠒⠒⠤ ││                            │
        │                            ││                            ││                            ││ ⡀⡀⡀⡀⡀⡀⡀⡀⡀⡀⡀⡀⡀⡀⡀⡀⡀⡀⡀⡀⡀⡀⡀⡀⡀⡀ │
        ╰────────────────────────────╯╰────────────────────────────╯╰────────────────────────────╯╰────────────────────────────╯
        ╭─ 5 providers ──────────────────────────────────────────── last 15 m ─╮╭─ 6 what happened ───────────── newest first ─╮
        │   deployment  state               p95   ok % share errors  breaker   ││ 13:41 ● openai serves again: probe ok, 100 % │
        │ ▶ openai      ● OK             1.71 s  99.91  89 %     11  closed    ││         of the load                          │
        │   ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━─────── ││ 13:41 · openai: probe sent                   │
        │   anthropic   ● OK             2.02 s  99.98  11 %      1  closed    ││ 13:38 ● assistant failed over to anthropic   │
        │   ━━━━━━━─────────────────────────────────────────────────────────── ││         in 4 ms: 0 requests lost, 41 saved   │
        │   13:38 openai 401 credential: invalid_api_key                       ││ 13:38 ■ openai refused its key               │
        │   12:40 anthropic 529 overloaded                                     ││         OPENAI_API_KEY (401 invalid_api_key… │
        ╰──────────────────────────────────────────────────────────────────────╯╰──────────────────────────────────────────────╯
        ╭─ 7 requests ─────────────────────────────────────────────────────────────── following ● ─╮╭─ 8 spend ───────── 24 h ─╮
        │ time          tenant  feature    by            ttft    total     cost  note              ││ chat      ━━━━━━   $7.90 │
        │ 14:03:27.400  acme    summarise  openai      0.57 s   2.08 s  $0.0031                    ││ summarise ━━━───   $4.02 │
        │ 14:03:27.113  bolt    classify   openai      0.57 s   2.54 s  $0.0056                    ││ extract   ━─────   $1.61 │
        │ 14:03:26.826  cove    chat       openai      0.62 s   0.89 s  $0.0077                    ││                          │
        │ 14:03:26.539  acme    extract    anthropic   0.96 s   2.62 s  $0.0047                    ││ total             $14.20 │
        │ 14:03:26.252  bolt    summarise  anthropic   0.38 s   2.36 s  $0.0029  saved: openai 401 │╰──────────────────────────╯
        │ 14:03:25.965  cove    classify   openai      0.80 s   2.67 s  $0.0071                    │╭─ 9 alerts ─────── quiet ─╮
        │ 14:03:25.678  acme    chat       openai      0.49 s   0.88 s  $0.0078                    ││ ● p95 latency     1.84 s │
        │ 14:03:25.391  bolt    extract    openai           —   1.54 s  $0.0020  rejected 400      ││ ● success rate   99.87 % │
        │ 14:03:25.104  cove    summarise  openai      0.67 s   1.93 s  $0.0059                    ││ ◇ cost per req…        — │
        │ 14:03:24.817  acme    classify   anthropic   0.83 s   1.26 s  $0.0045                    ││ ● key revoked            │
        │ 14:03:24.530  bolt    chat       openai      0.63 s   0.75 s  $0.0075                    ││                          │
        │ 14:03:24.243  cove    extract    openai      0.60 s   1.40 s  $0.0037                    ││                          │
        ╰──────────────────────────────────────────────────────────────────────────────────────────╯╰──────────────────────────╯
         listening on http://127.0.0.1:4000/v1 · 3 in flight · 12,480 requests in 30 d · 18,204 cache hits · nines 0.1.0
        ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
         ? help  Tab pane  Enter open  b bypass  d drill  C cache  / filter  p freeze  t theme  -+ window  : command  q quit
        """#
}
