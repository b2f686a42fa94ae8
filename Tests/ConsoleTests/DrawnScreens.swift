/// Screens of the sample snapshots, as they must be drawn; blanks at the ends of rows are cut.
enum DrawnScreens {
    static let outage80x24 = #"""
         NINES  ● LIVE  assistant → anthropic for openai         data 0 s  14:03:27 UTC
        ╭─ 1 p95 latency ──╮╭─ 2 success rate ─╮╭─ 3 cost ─────────╮╭─ 4 budget ───────╮
        │ 2.61 s    ▲ WARN ││ 97.90 %   ■ CRIT ││ $0.0071          ││ -13.4 %   ■ CRIT │
        │ target ≤ 2.50 s  ││ target ≥ 99.50 % ││ ◇ TOO FEW        ││ 1h 0.4× 6h 0.9×  │
        │ first token      ││ 262 lost         ││ today $14.20     ││ 16 of 62 failed  │
        │ ⠒⠒⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤ ││ ⠒⠒⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉ ││ ⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤ ││ ⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒ │
        ╰──────────────────╯╰──────────────────╯╰──────────────────╯╰──────────────────╯
        ╭─ 5 providers ──────────────────── last 15 m ─╮╭─ 6 what happened ────────────╮
        │   deployment  state               p95   ok % ││ 13:41 ● openai serves again: │
        │   openai      ■ BENCHED        1.71 s  71.00 ││         probe ok, 100 % of … │
        │   ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━───── ││ 13:41 · openai: probe sent   │
        │ ▶ anthropic   ▲ COOLING 12 s   2.02 s  99.98 ││ 13:38 ● assistant failed     │
        │   ━━━━━───────────────────────────────────── ││         over to anthropic i… │
        ╰──────────────────────────────────────────────╯╰──────────────────────────────╯
        ╭─ 7 requests ─────────────────────────────────────────────────── following ● ─╮
        │ time          feature    by           total     cost  note                   │
        │ 14:03:27.400  summarise  openai      2.08 s  $0.0031                         │
        │ 14:03:27.113  classify   openai      2.54 s  $0.0056                         │
        │ 14:03:26.826  chat       openai      0.89 s  $0.0077                         │
        │ 14:03:26.539  extract    anthropic   2.62 s  $0.0047                         │
        │ 14:03:26.252  summarise  anthropic   2.36 s  $0.0029  saved: openai 401      │
        ╰──────────────────────────────────────────────────────────────────────────────╯
         listening on http://127.0.0.1:4000/v1 · 3 in flight · 12,480 requests in 30 d…
         ? help  Tab pane  Enter open  b bypass  d drill  / filter  p freeze  q quit
        """#

    static let dashboard120x40 = #"""
         NINES  ● LIVE  assistant → primary openai  since 13:41             30 d window  trend 52 m  data 0 s  Mon 14:03:27 UTC
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
        │ 14:03:26.826  cove    chat       openai      0.62 s   0.89 s  $0.0077                    ││ classify  ━─────   $0.67 │
        │ 14:03:26.539  acme    extract    anthropic   0.96 s   2.62 s  $0.0047                    ││                          │
        │ 14:03:26.252  bolt    summarise  anthropic   0.38 s   2.36 s  $0.0029  saved: openai 401 ││ total             $14.20 │
        │ 14:03:25.965  cove    classify   openai      0.80 s   2.67 s  $0.0071                    │╰──────────────────────────╯
        │ 14:03:25.678  acme    chat       openai      0.49 s   0.88 s  $0.0078                    │╭─ 9 alerts ─────── quiet ─╮
        │ 14:03:25.391  bolt    extract    openai           —   1.54 s  $0.0020  rejected 400      ││ ● p95 latency     1.84 s │
        │ 14:03:25.104  cove    summarise  openai      0.67 s   1.93 s  $0.0059                    ││ ● success rate   99.87 % │
        │ 14:03:24.817  acme    classify   anthropic   0.83 s   1.26 s  $0.0045                    ││ ◇ cost per req…        — │
        │ 14:03:24.530  bolt    chat       openai      0.63 s   0.75 s  $0.0075                    ││ ● key revoked            │
        │ 14:03:24.243  cove    extract    openai      0.60 s   1.40 s  $0.0037                    ││                          │
        │ 14:03:23.956  acme    summarise  openai      0.91 s   1.54 s  $0.0068                    ││                          │
        ╰──────────────────────────────────────────────────────────────────────────────────────────╯╰──────────────────────────╯
         listening on http://127.0.0.1:4000/v1 · 3 in flight · 12,480 requests in 30 d · nines 0.1.0
        ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
         ? help  Tab pane  Enter open  b bypass  d drill  / filter  p freeze  t theme  -+ window  : command  q quit
        """#

    static let dashboard200x50 = #"""
         NINES  ● LIVE  assistant → primary openai  since 13:41  then anthropic                                                                             30 d window  trend 76 m  data 0 s  Mon 14:03:27 UTC
        ╭─ 1 p95 latency ───────────────────────── ● OK ─╮╭─ 2 success rate ──────────────────────── ● OK ─╮╭─ 3 cost per request ──────────────────── ● OK ─╮╭─ 4 error budget left ─────────────────── ● OK ─╮
        │  ▀█    █▀▀█ █  █                               ││ █▀▀█ █▀▀█   █▀▀█ ▀▀▀█                          ││ $ █▀▀█   █▀▀█ █▀▀█ ▀▀▀█  ▀█                    ││ ▀▀▀█ █  █   ▀▀▀█                               │
        │   █    █▄▄█ █▄▄█                               ││ █▄▄█ █▄▄█   █▄▄█    █                          ││   █  █   █  █ █  █    █   █                    ││    █ █▄▄█   ▄▄▄█                               │
        │   █    █  █    █                               ││    █    █   █  █    █                          ││   █  █   █  █ █  █    █   █                    ││    █    █   █                                  │
        │  ▀▀▀ ▀ ▀▀▀▀    ▀ s                             ││ ▀▀▀▀ ▀▀▀▀ ▀ ▀▀▀▀    ▀ %                        ││   ▀▀▀▀ ▀ ▀▀▀▀ ▀▀▀▀    ▀  ▀▀▀                   ││    ▀    ▀ ▀ ▀▀▀▀ %                             │
        │ target ≤ 2.50 s                      98.2 % in ││ target ≥ 99.50 %                               ││ target ≤ $0.0150                               ││ burn 1 h 0.4×  6 h 0.9×                        │
        │ first token · n 12,480                         ││ 16 lost · 41 saved · n 12,480                  ││ today $14.20 · n 12,480                        ││ 16 of 62 failed · lasts 31 d                   │
        │                                        4.00 s  ││ ⠔⡴⠒⣄⢄⢦⡠⠜⡆⣄⢦⠖⢢⠦⠔⢄⣀       ⡠⠔⢢⢠⢳⡠⢢⠗⠜⢢⢷⢦⠤⠒ 100.0 % ││                                        $0.0200 ││                                        100 %   │
        │                  ⡦⢄⡠⡰⠤⢄⠔⡄                      ││    ⠁    ⠈        ⡇      ⡇ ⠈⠁                   ││ ⠄⠄⠄⠄⠄⠄⠄⠄⠄⠄⠄⠄⠄⠄⠄⠄⠄⠄⠄⠄⠄⠄⠄⠄⠄⠄⠄⠄⠄⠄⠄⠄⠄⠄⠄⠄⠄⠄ $0.0150 ││ ⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠑⠒⠒⠒⠒⠢⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤         │
        │ ⠂⠂⠂⠂⠂⠂⠂⠂⠂⠂⠂⠂⠂⠂⠂⠂⠂⡇⠂⠂⠂⠂⠂⠂⡇⠂⠂⠂⠂⠂⠂⠂⠂⠂⠂⠂⠂⠂ 2.50 s  ││ ⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⡷⡤⣰⢄⡰⠤⠒⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁ 99.5 %  ││                                                ││                                                │
        │ ⠤⠔⠱⠔⠉⠒⠒⠱⠔⠊⠉⠊⠖⠑⠒⠊⠦⠃      ⠋⠒⠉⠢⠋⠞⠖⠔⠢⠜⠞⠢⠋⠖         ││                    ⠁⠈                          ││ ⡠⣀⠤⣀⣀⢄⡠⠤⢄⠤⣀⠤⣀⡠⡠⢄⡠⠒⠒⠢⠳⠓⠱⠊⣆⡠⡠⢄⠤⣀⢄⢄⡠⠤⢄⠤⠤⣀         ││                                                │
        │                                                ││                                                ││                                                ││                                                │
        │                                        0       ││                                        98.5 %  ││                                        $0.0000 ││ ⡀⡀⡀⡀⡀⡀⡀⡀⡀⡀⡀⡀⡀⡀⡀⡀⡀⡀⡀⡀⡀⡀⡀⡀⡀⡀⡀⡀⡀⡀⡀⡀⡀⡀⡀⡀⡀⡀ 0 %     │
        │ -76 m                              now         ││ -76 m                              now         ││ -76 m                              now         ││ -76 m                              now         │
        ╰────────────────────────────────────────────────╯╰────────────────────────────────────────────────╯╰────────────────────────────────────────────────╯╰────────────────────────────────────────────────╯
        ╭─ 5 providers ──────────────────────────────────────────────────────────────────────────────────────────── last 15 m ─╮╭─ 6 what happened ───────────────────────────────────────────── newest first ─╮
        │   deployment            state               p50     p95   ok % share errors  breaker                                 ││ 13:41:27 ● openai serves again: probe ok, 100 % of the load                  │
        │ ▶ openai                ● OK             930 ms  1.71 s  99.91  89 %     11  closed                                  ││ 13:41:07 · openai: probe sent                                                │
        │   ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━───────────── ││ 13:38:03 ● assistant failed over to anthropic in 4 ms: 0 requests lost, 41   │
        │   anthropic             ● OK             1.12 s  2.02 s  99.98  11 %      1  closed                                  ││            saved                                                             │
        │   ━━━━━━━━━━━━━───────────────────────────────────────────────────────────────────────────────────────────────────── ││ 13:38:02 ■ openai refused its key OPENAI_API_KEY (401 invalid_api_key):      │
        │                                                                                                                      ││            benched until a probe succeeds                                    │
        │   13:38 openai 401 credential: invalid_api_key                                                                       ││ 12:40:07 ▲ anthropic answered 529 overloaded; cooled down for 30 s           │
        │   12:40 anthropic 529 overloaded                                                                                     ││ 11:33:27 · started, listening on 127.0.0.1:4000                              │
        │                                                                                                                      ││                                                                              │
        ╰──────────────────────────────────────────────────────────────────────────────────────────────────────────────────────╯╰──────────────────────────────────────────────────────────────────────────────╯
        ╭─ 7 requests ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────── following ● ─╮╭─ 8 spend by feature ────────────────── 24 h ─╮
        │ time          tenant  feature    by         group         ttft    total  tokens             cost  tries  note                                        ││ chat      ━━━━━━━━━━━━━━   $7.90   1,204 req │
        │ 14:03:27.400  acme    summarise  openai     assistant   0.57 s   2.08 s     455 →    43  $0.0031      1                                              ││ summarise ━━━━━━━───────   $4.02     612 req │
        │ 14:03:27.113  bolt    classify   openai     assistant   0.57 s   2.54 s     762 →   174  $0.0056      1                                              ││ extract   ━━━───────────   $1.61     431 req │
        │ 14:03:26.826  cove    chat       openai     assistant   0.62 s   0.89 s   1,161 →   185  $0.0077      1                                              ││ classify  ━─────────────   $0.67     980 req │
        │ 14:03:26.539  acme    extract    anthropic  assistant   0.96 s   2.62 s     707 →    66  $0.0047      1                                              ││                                              │
        │ 14:03:26.252  bolt    summarise  anthropic  assistant   0.38 s   2.36 s     398 →   354  $0.0029      2  saved: openai 401                           ││ total                     $14.20             │
        │ 14:03:25.965  cove    classify   openai     assistant   0.80 s   2.67 s     334 →   187  $0.0071      1                                              │╰──────────────────────────────────────────────╯
        │ 14:03:25.678  acme    chat       openai     assistant   0.49 s   0.88 s   1,275 →   160  $0.0078      1                                              │╭─ 9 alerts ─────────────────────────── quiet ─╮
        │ 14:03:25.391  bolt    extract    openai     assistant        —   1.54 s     692 →    53  $0.0020      1  rejected 400                                ││ state     alert            value   threshold │
        │ 14:03:25.104  cove    summarise  openai     assistant   0.67 s   1.93 s     712 →   117  $0.0059      1                                              ││ ● OK      p95 latency     1.84 s    ≤ 2.50 s │
        │ 14:03:24.817  acme    classify   anthropic  assistant   0.83 s   1.26 s   1,277 →    61  $0.0045      1                                              ││ ● OK      success rate   99.87 %   ≥ 99.50 % │
        │ 14:03:24.530  bolt    chat       openai     assistant   0.63 s   0.75 s     619 →   311  $0.0075      1                                              ││ ◇ TOO FEW cost per req…        —             │
        │ 14:03:24.243  cove    extract    openai     assistant   0.60 s   1.40 s     948 →   354  $0.0037      1                                              ││ ● OK      key revoked                        │
        │ 14:03:23.956  acme    summarise  openai     assistant   0.91 s   1.54 s     572 →     4  $0.0068      1                                              ││                                              │
        │ 14:03:23.669  bolt    classify   anthropic  assistant   0.67 s   1.13 s     493 →   215  $0.0079      2  saved: openai 401                           ││                                              │
        │ 14:03:23.382  cove    chat       nobody     assistant        —   2.05 s  —                     —      2  LOST 503                                    ││                                              │
        │ 14:03:23.095  acme    extract    anthropic  assistant   0.66 s   0.85 s     794 →     4  $0.0028      1                                              ││                                              │
        │ 14:03:22.808  bolt    summarise  openai     assistant   0.44 s   1.62 s     676 →   382  $0.0030      1                                              ││                                              │
        ╰──────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────╯╰──────────────────────────────────────────────╯
         listening on http://127.0.0.1:4000/v1 · 3 in flight · 12,480 requests in 30 d · nines 0.1.0
        ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
         ? help  Tab pane  Enter open  b bypass  d drill  / filter  p freeze  t theme  -+ window  : command  q quit
        """#

    static let ascii120x40 = #"""
         NINES  + LIVE  assistant -> primary openai  since 13:41            30 d window  trend 52 m  data 0 s  Mon 14:03:27 UTC
        +- 1 p95 latency ----- + OK -++- 2 success rate ---- + OK -++- 3 cost per request  + OK -++- 4 error budget left + OK -+
        |        _                   ||  _   _     _   _           || $  _     _   _   _         ||  _         _               |
        |   |   |_| |_|              || |_| |_|   |_|   |          ||   | |   | | | |   |   |    ||   | |_|    _|              |
        |   | . |_|   | s            ||  _|  _| . |_|   | %        ||   |_| . |_| |_|   |   |    ||   |   | . |_  %            |
        | target <= 2.50 s 98.2 % in || target >= 99.50 %          || target <= $0.0150          || burn 1 h 0.4x  6 h 0.9x    |
        | first token - n 12,480     || 16 lost - 41 saved         || today $14.20 - n 12,480    || 16 of 62 failed            |
        |         _  _               || _-'-_       --_---_''--_-' ||                            || _________                  |
        | .....'''.''.|............. || .....-_-.-_-.............. || .......................... ||          ''''''''''''''''' |
        | ''''-       '''-''''-''-'' ||         '                  || -----''--'-'-------------- ||                            |
        |                            ||                            ||                            || .......................... |
        +----------------------------++----------------------------++----------------------------++----------------------------+
        +- 5 providers -------------------------------------------- last 15 m -++- 6 what happened ------------- newest first -+
        |   deployment  state               p95   ok % share errors  breaker   || 13:41 + openai serves again: probe ok, 100 % |
        | > openai      + OK             1.71 s  99.91  89 %     11  closed    ||         of the load                          |
        |   ===========================================================------- || 13:41 - openai: probe sent                   |
        |   anthropic   + OK             2.02 s  99.98  11 %      1  closed    || 13:38 + assistant failed over to anthropic   |
        |   =======----------------------------------------------------------- ||         in 4 ms: 0 requests lost, 41 saved   |
        |   13:38 openai 401 credential: invalid_api_key                       || 13:38 X openai refused its key               |
        |   12:40 anthropic 529 overloaded                                     ||         OPENAI_API_KEY (401 invalid_api_key~ |
        +----------------------------------------------------------------------++----------------------------------------------+
        +- 7 requests --------------------------------------------------------------- following + -++- 8 spend --------- 24 h -+
        | time          tenant  feature    by            ttft    total     cost  note              || chat      ======   $7.90 |
        | 14:03:27.400  acme    summarise  openai      0.57 s   2.08 s  $0.0031                    || summarise ===---   $4.02 |
        | 14:03:27.113  bolt    classify   openai      0.57 s   2.54 s  $0.0056                    || extract   =-----   $1.61 |
        | 14:03:26.826  cove    chat       openai      0.62 s   0.89 s  $0.0077                    || classify  =-----   $0.67 |
        | 14:03:26.539  acme    extract    anthropic   0.96 s   2.62 s  $0.0047                    ||                          |
        | 14:03:26.252  bolt    summarise  anthropic   0.38 s   2.36 s  $0.0029  saved: openai 401 || total             $14.20 |
        | 14:03:25.965  cove    classify   openai      0.80 s   2.67 s  $0.0071                    |+--------------------------+
        | 14:03:25.678  acme    chat       openai      0.49 s   0.88 s  $0.0078                    |+- 9 alerts ------- quiet -+
        | 14:03:25.391  bolt    extract    openai           -   1.54 s  $0.0020  rejected 400      || + p95 latency     1.84 s |
        | 14:03:25.104  cove    summarise  openai      0.67 s   1.93 s  $0.0059                    || + success rate   99.87 % |
        | 14:03:24.817  acme    classify   anthropic   0.83 s   1.26 s  $0.0045                    || ? cost per req~        - |
        | 14:03:24.530  bolt    chat       openai      0.63 s   0.75 s  $0.0075                    || + key revoked            |
        | 14:03:24.243  cove    extract    openai      0.60 s   1.40 s  $0.0037                    ||                          |
        | 14:03:23.956  acme    summarise  openai      0.91 s   1.54 s  $0.0068                    ||                          |
        +------------------------------------------------------------------------------------------++--------------------------+
         listening on http://127.0.0.1:4000/v1 - 3 in flight - 12,480 requests in 30 d - nines 0.1.0
        ------------------------------------------------------------------------------------------------------------------------
         ? help  Tab pane  Enter open  b bypass  d drill  / filter  p freeze  t theme  -+ window  : command  q quit
        """#

    static let outage60x16 = #"""
         NINES  ● LIVE  → anthropic for openai         14:03:27 UTC
        ╭─ 1 p95 ─────╮╭─ 2 success ─╮╭─ 3 cost ────╮╭─ 4 budget ──╮
        │2.61 s ▲ WARN││97.90 %      ││$0.0071      ││-13.4 %      │
        │≤ 2.50 s     ││■ CRIT       ││◇ TOO FEW    ││■ CRIT       │
        │⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒││⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉││⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤││⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒⠒│
        ╰─────────────╯╰─────────────╯╰─────────────╯╰─────────────╯
        ╭─ 5 providers ──────────────────────────────── last 15 m ─╮
        │   openai     ■ BENCHED        1.71 s  71.00  89 %     11 │
        │ ▶ anthropic  ▲ COOLING 12 s   2.02 s  99.98  11 %      1 │
        ╰──────────────────────────────────────────────────────────╯
        ╭─ 7 requests ─────────────────────────────── following ● ─╮
        │ time      feature    by           total  note            │
        │ 14:03:27  summarise  openai      2.08 s                  │
        ╰──────────────────────────────────────────────────────────╯
         13:41 ● openai serves again: probe ok, 100 % of the load
         ? help  Tab pane  Enter open  b bypass  d drill  q quit
        """#

    static let bypassBox80x24 = #"""
         NINES  ● LIVE  assistant → anthropic for openai         data 0 s  14:03:27 UTC
        ╭─ 1 p95 latency ──╮╭─ 2 success rate ─╮╭─ 3 cost ─────────╮╭─ 4 budget ───────╮
        │ 2.61 s    ▲ WARN ││ 97.90 %   ■ CRIT ││ $0.0071          ││ -13.4 %   ■ CRIT │
        │ target ≤ 2.50 s  ││ target ≥ 99.50 % ││ ◇ TOO FEW        ││ 1h 0.4× 6h 0.9×  │
        │ first token      ││ 262 lost         ││ today $14.20     ││ 16 of 62 failed  │
        │ ⠒╭─ ◆ bypass the router ───────────────────────────────── closes in 30 s ─╮⠒ │
        ╰──│                                                                        │──╯
        ╭─ │  Now     the router decides: anthropic                                 │──╮
        │  │  After   every request goes straight to the primary openai             │: │
        │  │          no cache, no retry, no failover                               │… │
        │  │          still counted in the ledger, marked as bypass                 │  │
        │ ▶│  Check   ▲ openai is benched: clients will see its errors              │  │
        │  │  Back    b, then y; it stays until you end it, restarts included       │… │
        ╰──│  Log     both switches stand in what happened, with their time         │──╯
        ╭─ │                                                                        │ ─╮
        │ t│                                                  y bypass   ▶ Cancel   │  │
        │ 1│                                                                        │  │
        │ 1╰────────────────────────────────────────────────────────────────────────╯  │
        │ 14:03:26.826  chat       openai      0.89 s  $0.0077                         │
        │ 14:03:26.539  extract    anthropic   2.62 s  $0.0047                         │
        │ 14:03:26.252  summarise  anthropic   2.36 s  $0.0029  saved: openai 401      │
        ╰──────────────────────────────────────────────────────────────────────────────╯
         listening on http://127.0.0.1:4000/v1 · 3 in flight · 12,480 requests in 30 d…
         y do it  Esc cancel
        """#

    static let success100x30 = #"""
         NINES  ● LIVE  assistant → primary openai      30 d window  trend 20 m  data 0 s  Mon 14:03:27 UTC
        ╭─ 2 success rate ────────────────────────────────────────────────────────────────────────── ● OK ─╮
        │                                                                                                  │
        │  █▀▀█ █▀▀█   █▀▀█ ▀▀▀█           target ≥ 99.50 %                                                │
        │  █▄▄█ █▄▄█   █▄▄█    █           16 lost                                                         │
        │     █    █   █  █    █           41 saved                                                        │
        │  ▀▀▀▀ ▀▀▀▀ ▀ ▀▀▀▀    ▀ %         n 12,480                                                        │
        │                                  over 30 d, rolling; - and + change it                           │
        │                                                                                                  │
        │  ⠔⠤⣰⢢ ⣷ ⣦⢀⠤⡀⡖⡄    ⢠⢄  ⢠⢄⢠⠒⣤⠔⣄⡀⡏⣦⢄⢀⡰⡄⢸⢱⢸⠑⣄⢦⡀ ⡀⡖⡄⢀  ⣀⢀⡠⡀⢰⣄⡀          ⢰⡄⡰⢢⢄⢠⡀⢰⢢⣦ ⣀⠤⠔⡄    ⡖ 100.0 %  │
        │    ⠟⠸⠤⠛⣄⠟⠊ ⣇⠇⣿⠑   ⠜⠸⠤⢢⢸⠈⠁ ⠁ ⡿⠸⠃⠋⢸⠇ ⠉⠊⠸⣸   ⠸⠋⢸⠇⠱⠜⣇⢦⠇⠟ ⠓⠁ ⢸         ⢰⠊⣇⠇ ⢸⡸⣇⡸⠘⢹⢰⠁  ⡧⠜⠉⠢⢄⡇          │
        │              ⠁       ⠈⠁               ⠁                 ⢸         ⢸         ⠈⠁       ⠈           │
        │                                                         ⢸         ⢸                              │
        │  ⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⢸⡀⠁⣄⠁⠁⠁⠁⡀⢀⢸⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁ 99.5 %   │
        │                                                          ⠘⡄⡇⠓⠢⢄⣀⢿⢸⠁                              │
        │                                                           ⠉   ⠈ ⠈⠁                               │
        │                                                                                                  │
        │                                                                                                  │
        │                                                                                                  │
        │                                                                                                  │
        │                                                                                         98.5 %   │
        │  -20 m                                                                              now          │
        │                                                                                                  │
        │  Good answers out of valid requests. Valid: all but the client's own mistakes and what the       │
        │  client broke off. Good: complete and correct in form.                                           │
        │  Lost: valid and not good, whatever the reason. Saved: good, though the first attempt had        │
        │  failed; a plain proxy would have lost it.                                                       │
        ╰────────────────────────────────────────────────────────────────────────────────── Esc goes back ─╯
         13:41 ● openai serves again: probe ok, 100 % of the load
         ? help  Esc back  Tab pane  Enter open  b bypass  d drill  / filter  p freeze  t theme  q quit
        """#

    static let request80x24 = #"""
         NINES  ● LIVE  assistant → primary openai           data 0 s  Mon 14:03:27 UTC
        ╭─ request req-996 ──────────────────────────────────────────── Esc goes back ─╮
        │                                                                              │
        │  outcome       ● good, saved by failover: the first attempt had failed       │
        │  accepted      Mon 2026-11-23 14:03:23.897 UTC                               │
        │  tenant        bolt                                                          │
        │  feature       summarise                                                     │
        │  model group   assistant                                                     │
        │  answered by   anthropic                                                     │
        │  status        200, streamed                                                 │
        │                                                                              │
        │  first token   0.38 s after it was accepted                                  │
        │  total         2.36 s                                                        │
        │  tokens        398 in, 354 out                                               │
        │  cost          $0.0029                                                       │
        │                                                                              │
        │  2 attempts                                                                  │
        │    ▲ openai 401 credential 12 ms                                             │
        │    ● anthropic 200 in 380 ms                                                 │
        │                                                                              │
        │                                                                              │
        ╰──────────────────────────────────────────────────────────────────────────────╯
         13:41 ● openai serves again: probe ok, 100 % of the load
         ? help  Esc back  Tab pane  Enter open  b bypass  d drill  / filter  q quit
        """#

    static let alerts80x24 = #"""
         NINES  ■ FREEZE  ■ 1 alert  assistant → primary openai  data 0 s  14:03:27 UTC
         ■ FREEZE  error budget overspent by 13.4 %      ship repairs only  4 shows why
        ╭─ 9 alerts ──────────────────────────────────────────────────────── 1 firing ─╮
        │ state     alert                   value   threshold        n    over   since │
        │ ■ PAGE    p95 latency            3.12 s    ≤ 2.50 s      812    15 m   14:01 │
        │ ● OK      success rate          99.87 %   ≥ 99.50 %      274     5 m   13:53 │
        │ ◇ TOO FEW cost per request            —                   12    15 m         │
        │ ● OK      key revoked                                                        │
        │                                                                              │
        │ 95 of 100 requests had their first token within 3.12 s; the target is 2.50   │
        │ s.                                                                           │
        │                                                                              │
        │                                                                              │
        │                                                                              │
        │                                                                              │
        │                                                                              │
        │                                                                              │
        │                                                                              │
        │                                                                              │
        │ ● pagerduty               nothing waits                                      │
        │ ▲ slack                   2 waiting  1 given up  HTTP 500, next try in 30 s  │
        ╰──────────────────────────────────────────────────────────────────────────────╯
         ■ p95 latency: 3.12 s, ≤ 2.50 s, n 812   9 shows it
         ? help  Esc back  Tab pane  Enter open  b bypass  d drill  m mute  q quit
        """#

    static let budget80x24 = #"""
         NINES  ■ FREEZE  ■ 1 alert  assistant → primary openai  data 0 s  14:03:27 UTC
         ■ FREEZE  error budget overspent by 13.4 %      ship repairs only  4 shows why
        ╭─ 4 error budget left ─────────────────────────────────────────────── ■ CRIT ─╮
        │                                                                              │
        │     ▀█  ▀▀█   █ █                ■ FREEZE  error budget overspent by 13.4 %  │
        │  ▀▀  █  ▀▀█   ▀▀█                16 of 62 failed                             │
        │     ▀▀▀ ▀▀▀ ▀   ▀ %              lasts 31 d                                  │
        │                                  maintenance Tue 02:03 to 04:03 UTC: datab…  │
        │                                                                              │
        │                            ⠉⠉⠑⠒⠢⠤⠤⠤⠤⣀⣀                              100 %    │
        │                                       ⠉⠉⠑⠒⠢⠤⠤⠤⠤⣀⣀                            │
        │                                                  ⠉⠉⠑⠒⠢⠤⠤⠤⠤⣀⣀                 │
        │  ⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠁⠉⠉⠑⠒⠢⠤⠤ -25 %    │
        │  -30 d                                                          now          │
        │                                                                              │
        │  burn over         rate   alert at     who spent it                          │
        │  5 m               0.0×      14.4×     provider  openai          14   88 %   │
        │  60 m             16.2×      14.4×     feature   summarise        9   56 %   │
        │  6 h               5.1×       6.0×                                           │
        │  3 d               1.3×       1.0×                                           │
        │                                                                              │
        ╰────────────────────────────────────────────────────────────── Esc goes back ─╯
         ■ p95 latency: 3.12 s, ≤ 2.50 s, n 812   9 shows it
         ? help  Esc back  Tab pane  Enter open  b bypass  d drill  / filter  q quit
        """#

    static let spend120x40 = #"""
         NINES  ■ FREEZE  ■ 1 alert  assistant → primary openai  since 13:41            30 d window  data 0 s  Mon 14:03:27 UTC
         ■ FREEZE  error budget overspent by 13.4 %                                              ship repairs only  4 shows why
        ╭─ 8 spend by feature ────────────────────────────────────────────────────────────────────────────────────────── 24 h ─╮
        │  by feature                             by tenant                              by provider                           │
        │  chat      ━━━━━━━━━━━━━━━━━━   $7.90   acme ━━━━━━━━━━━━━━━━━━━━━━━   $9.00   openai ━━━━━━━━━━━━━━━━━━━━━  $12.00  │
        │  summarise ━━━━━━━━━─────────   $4.02                                                                                │
        │  extract   ━━━━──────────────   $1.61   total                          $9.00   total                         $12.00  │
        │  classify  ━━────────────────   $0.67                                                                                │
        │                                                                                                                      │
        │  total                         $14.20                                                                                │
        │                                                                                                                      │
        │  caps                                                                                                                │
        │  feature  summarise         ━━━━━━━━━━━━━━━━━━━━━━━━━─────        $4.02 of $5.00   84 %  resets 15:03                │
        │                                                                                                                      │
        │  what caps and formats led to                                                                                        │
        │  summarise         truncated               12 requests                                                               │
        │                                                                                                                      │
        │                                                                                                                      │
        │                                                                                                                      │
        │                                                                                                                      │
        │                                                                                                                      │
        │                                                                                                                      │
        │                                                                                                                      │
        │                                                                                                                      │
        │                                                                                                                      │
        │                                                                                                                      │
        │                                                                                                                      │
        │                                                                                                                      │
        │                                                                                                                      │
        │                                                                                                                      │
        │                                                                                                                      │
        │                                                                                                                      │
        │                                                                                                                      │
        │                                                                                                                      │
        │                                                                                                                      │
        │                                                                                                                      │
        ╰────────────────────────────────────────────────────────────────────────────────────────────────────── Esc goes back ─╯
         ■ p95 latency: 3.12 s, ≤ 2.50 s, n 812   9 shows it
        ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
         ? help  Esc back  Tab pane  Enter open  b bypass  d drill  / filter  p freeze  t theme  -+ window  : command  q quit
        """#

    static let freeze120x40 = #"""
         NINES  ■ FREEZE  ■ 1 alert  assistant → primary openai             30 d window  trend 52 m  data 0 s  Mon 14:03:27 UTC
         ■ FREEZE  error budget overspent by 13.4 %                                              ship repairs only  4 shows why
        ╭─ 1 p95 latency ───── ● OK ─╮╭─ 2 success rate ──── ● OK ─╮╭─ 3 cost per request  ● OK ─╮╭─ 4 budget ──────── ■ CRIT ─╮
        │ ▀█    █▀█ █ █              ││ █▀█ █▀█   █▀█ ▀▀█          ││ $ █▀█   █▀█ █▀█ ▀▀█ ▀█     ││    ▀█  ▀▀█   █ █           │
        │  █    █▀█ ▀▀█              ││ ▀▀█ ▀▀█   █▀█   █          ││   █ █   █ █ █ █   █  █     ││ ▀▀  █  ▀▀█   ▀▀█           │
        │ ▀▀▀ ▀ ▀▀▀   ▀ s            ││ ▀▀▀ ▀▀▀ ▀ ▀▀▀   ▀ %        ││   ▀▀▀ ▀ ▀▀▀ ▀▀▀   ▀ ▀▀▀    ││    ▀▀▀ ▀▀▀ ▀   ▀ %         │
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
        │ 14:03:25.965  cove    classify   openai      0.80 s   2.67 s  $0.0071                    │╭─ 9 alerts ──── 1 firing ─╮
        │ 14:03:25.678  acme    chat       openai      0.49 s   0.88 s  $0.0078                    ││ ■ p95 latency     3.12 s │
        │ 14:03:25.391  bolt    extract    openai           —   1.54 s  $0.0020  rejected 400      ││ ● success rate   99.87 % │
        │ 14:03:25.104  cove    summarise  openai      0.67 s   1.93 s  $0.0059                    ││ ◇ cost per req…        — │
        │ 14:03:24.817  acme    classify   anthropic   0.83 s   1.26 s  $0.0045                    ││ ● key revoked            │
        │ 14:03:24.530  bolt    chat       openai      0.63 s   0.75 s  $0.0075                    ││                          │
        │ 14:03:24.243  cove    extract    openai      0.60 s   1.40 s  $0.0037                    ││                          │
        ╰──────────────────────────────────────────────────────────────────────────────────────────╯╰──────────────────────────╯
         ■ p95 latency: 3.12 s, ≤ 2.50 s, n 812   9 shows it
        ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
         ? help  Tab pane  Enter open  b bypass  d drill  / filter  p freeze  t theme  -+ window  : command  q quit
        """#
}
