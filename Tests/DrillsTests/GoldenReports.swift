/// Reports as they should read; when one changes on purpose, take what the failing test shows.
enum GoldenReports {
    static let markdown = #"""
        # Closeout: Revoke the primary's key

        ## What was drilled

        |  |  |
        | --- | --- |
        | Drill | drill-7 |
        | Scenario | Revoke the primary's key (revoke-key) |
        | Expected | the provider answers 401 once, the key is benched, the next deployment answers |
        | Hypothesis | said hypothesis |
        | Opened | 2026-11-27 14:00:00 UTC |
        | Closed | 2026-11-27 14:08:01 UTC |
        | Took | 08:01 of 30:00 |
        | People | lead: ana, operator: raj, scribe: sam, approved by: ana, observer: eve |
        | Environment | laptop |
        | Versions | nines 1.0.0, config 3f9a01, prices 2026-11-20, script friday 1 |
        | Status | completed |

        ## Verdict: pass with findings

        said summary

        Each rule, whether it was met, and what it means where it was not; the worst one decides.

        | Met | Rule | Seen | Otherwise |
        | --- | --- | --- | --- |
        | yes | the script ran to its end | it did |  |
        | yes | something was broken | it was |  |
        | yes | a failed-over request succeeded within 10.0 s | 430 ms |  |
        | yes | no request of a user was lost | 0 lost |  |
        | yes | the primary answered after the restore | 10.0 s |  |
        | yes | afterwards the success rate was at least 99.50 % | 100.00 % |  |
        | yes | at most 20 % of the error budget was spent | 0.00 % |  |
        | yes | the journal is whole | it is |  |
        | yes | Nines detected the fault | 120 ms |  |
        | NO | the alert fired | not seen | pass with findings |
        | yes | it was acknowledged | 16.4 s |  |
        | yes | it resolved by itself | 1 min 20 s |  |
        | yes | the latency stayed within 2.50 s at p95 | 1.84 s |  |
        | yes | at least 20 requests met the fault | 400 |  |
        | yes | at most 1 % of the error budget was spent | 0.00 % |  |
        | yes | the fault was taken out by its own step, or the replay was over | as asked |  |
        | NO | no step was skipped | 1 skipped | pass with findings |
        | yes | it took no longer than 30:00 | 08:01 |  |
        | NO | nobody found anything to mend | 1 opened | pass with findings |
        | yes | lead, operator and scribe signed | 3 of 3 |  |

        ## Plan and course

        | Phase | Planned | Began | Ended | Against plan |
        | --- | --- | --- | --- | --- |
        | brief | 00:00 to 02:00 | 00:00 | 00:15 | -1:45 |
        | pre-checks | 02:00 to 05:00 | 00:15 | 01:05 | -3:55 |
        | baseline | 05:00 to 07:00 | 01:05 | 01:15 | -5:45 |
        | induce | 07:00 to 10:00 | 01:15 | 01:25 | -8:35 |
        | observe | 10:00 to 16:00 | 01:25 | 05:56 | -10:04 |
        | restore | 16:00 to 20:00 | 05:56 | 06:11 | -13:49 |
        | verify | 20:00 to 25:00 | 06:11 | 07:26 | -17:34 |
        | closeout | 25:00 to 30:00 | 07:26 | 08:01 | -21:59 |

        ## Times

        |  | Time | T+ | UTC |
        | --- | --- | --- | --- |
        | Time to detect | 120 ms | 01:25 | 2026-11-27T14:01:25.120Z |
        | Time to first failed-over success | 430 ms | 01:25 | 2026-11-27T14:01:25.430Z |
        | Time to alert | not seen | — | — |
        | Time to acknowledge | 16.4 s | 01:41 | 2026-11-27T14:01:41.430Z |
        | Time to mitigation | 430 ms | 01:25 | 2026-11-27T14:01:25.430Z |
        | Fault in for | 4 min 36 s | 06:01 | 2026-11-27T14:06:01.430Z |
        | Restore to recovery | 10.0 s | 06:11 | 2026-11-27T14:06:11.430Z |
        | Restore to alert resolved | 1 min 20 s | 07:21 | 2026-11-27T14:07:21.430Z |

        A person knew after 4 s, by their own account.

        ## Requests and cost

        |  | 15 min before | During | After |
        | --- | --- | --- | --- |
        | Requests | 400 | 400 | 400 |
        | Failed | 0 | 0 | 0 |
        | Retried, not failed over | 0 | 2 | 0 |
        | Failed over | 0 | 63 | 0 |
        | Answered by the secondary | 0 | 0 | 0 |
        | Served stale | 0 | 0 | 0 |
        | Streams cut | 0 | 0 | 0 |
        | Success rate | 100.00 % | 100.00 % | 100.00 % |
        | p50 | 900 ms | 900 ms | 900 ms |
        | p95 | 1.84 s | 1.84 s | 1.84 s |
        | p99 | 2.30 s | 2.30 s | 2.30 s |
        | Cost per request | $0.0071 | $0.0071 | $0.0071 |
        | Spend | $2.8400 | $2.8400 | $2.8400 |

        Extra spend by failing over: $0.0000; probes of the drill, not counted above: $0.0000.

        ## Error budget

        |  |  |
        | --- | --- |
        | Left when it opened | 74.0 % (26 of 100.0 failures) |
        | Left when it closed | 74.2 % (26 of 101.0 failures) |
        | Spent by the drill | 0 failures, 0.00 % |
        | At the rate of the last six hours | it lasts |
        | Under the policy | releases go on |

        Each over the window that ended then: the more traffic it holds, the more failures it allows.

        ## Faults

        | Fault | At | Share | Kind | In | Effective | Out | Seen to work |
        | --- | --- | --- | --- | --- | --- | --- | --- |
        | revoke the key | openai/gpt-5.4-mini | 100 % | real | 01:25 (14:01:25) | 01:25 (14:01:25) | 06:01 (14:06:01) | 06:11 (14:06:11) |

        Taken out as asked.

        ## Alerts

        | Expected | Seen | What |
        | --- | --- | --- |
        | fires | not seen |  |
        | is acknowledged | 2026-11-27T14:01:41.430Z | ok |
        | resolves by itself | 2026-11-27T14:07:21.430Z | ok |

        Other alerts or incidents meanwhile: none.

        False pages, fired meanwhile and not by the drill: none.

        Without data meanwhile: none.

        ## What people wrote

        What went well, what did not: said went

        Surprises and luck: said surprise

        Decisions:

        - T+01:29 we wait for the p95 (ana)

        Notes:

        - T+01:26 slack \| rang &lt;loud> (sam)

        Skipped:

        - T+01:36 no pager is configured (ana)

        ## Findings

        | Id | Finding | Kind | Owner | Due | State |
        | --- | --- | --- | --- | --- | --- |
        | drill-6-f1 | page is late | detect | raj | 2026-11-20 | closed by drill-7 |
        | drill-7-f1 | no page for a refused key | process | sam | 2026-12-04 | open |

        ## Checklist

        | Role | Step | How | Answer | By | T+ |
        | --- | --- | --- | --- | --- | --- |
        | lead | Who leads, who operates, who writes? | sensed | ana, raj, sam |  | 00:05 |
        | lead | What do we expect to see, and within how long? | confirmed | said hypothesis | ana | 00:10 |
        | operator | Read me the stop rules and how to abort. | confirmed | said stop-rules | raj | 00:15 |
        | operator | the secondary answers a live probe? | sensed | ok |  | 00:20 |
        | operator | the error budget is above the minimum? | sensed | ok |  | 00:25 |
        | operator | no alert is firing? | sensed | ok |  | 00:30 |
        | operator | the bypass is off? | sensed | ok |  | 00:35 |
        | operator | the cache is kept out of drill traffic? | sensed | ok |  | 00:40 |
        | operator | the pagers took a \[DRILL\] test? | sensed | ok |  | 00:45 |
        | operator | the restore path is proven by a probe? | sensed | ok |  | 00:50 |
        | operator | no other drill is open? | sensed | ok |  | 00:55 |
        | operator | there is traffic enough to see it? | sensed | ok |  | 01:00 |
        | lead | All checks seen: go or no-go? | confirmed | GO | ana | 01:05 |
        | operator | Baseline: success, latency, cost? | sensed | ok |  | 01:10 |
        | scribe | Read the baseline back. | confirmed | said baseline-read | sam | 01:15 |
        | operator | Does the secondary still answer? | sensed | ok |  | 01:20 |
        | operator | Operator, put the fault in. | confirmed | revoke the key | raj | 01:25 |
        | operator | Is the first failure there? | sensed | 401 from openai, key benched |  | 01:25 |
        | operator | First failed-over success? | sensed | by anthropic, 0.31 s |  | 01:25 |
        | scribe | How long until a person knew? | confirmed | 4 | sam | 01:36 |
        | lead | Did the alert fire? | skipped | no pager is configured | ana | 01:36 |
        | operator | Did someone acknowledge it? | sensed | ok |  | 01:41 |
        | operator | Success rate? | sensed | ok |  | 03:46 |
        | operator | Read me the latency and how long it has held. | sensed | ok |  | 05:51 |
        | lead | Go or no-go to restore? | confirmed | GO | ana | 05:56 |
        | operator | Operator, take the fault out. | confirmed | as asked | raj | 06:01 |
        | operator | Is it out? | sensed | ok |  | 06:06 |
        | operator | Does the primary answer? | sensed | ok |  | 06:11 |
        | operator | Success rate? | sensed | ok |  | 07:16 |
        | operator | Latency? | sensed | ok |  | 07:16 |
        | lead | Did the alert resolve by itself? | sensed | ok |  | 07:21 |
        | lead | Is everything as it was before? | confirmed | YES | ana | 07:26 |
        | scribe | What happened, in one sentence? | confirmed | said summary | sam | 07:31 |
        | scribe | What went well, what did not, and why? | confirmed | said went | sam | 07:36 |
        | lead | What surprised us? Where were we lucky? | confirmed | said surprise | ana | 07:41 |
        | lead | Lead, do you sign? | confirmed |  | ana | 07:46 |
        | operator | Operator, do you sign? | confirmed |  | raj | 07:51 |
        | scribe | Scribe, do you sign? | confirmed |  | sam | 07:56 |
        | scribe | File the report. | confirmed |  | sam | 08:01 |

        ## Timeline

        | T+ | UTC | Who | What |
        | --- | --- | --- | --- |
        | 00:00 | 14:00:00 | ana | drill opened: Revoke the primary's key |
        | 00:00 | 14:00:00 | auto | phase brief |
        | 00:01 | 14:00:01 | ana | lead is ana |
        | 00:03 | 14:00:03 | raj | operator is raj |
        | 00:05 | 14:00:05 | sam | scribe is sam |
        | 00:05 | 14:00:05 | auto | all three roles are held: ana, raj, sam |
        | 00:10 | 14:00:10 | ana | confirmed hypothesis: said hypothesis |
        | 00:15 | 14:00:15 | raj | confirmed stop-rules: said stop-rules |
        | 00:15 | 14:00:15 | auto | phase pre-checks |
        | 00:20 | 14:00:20 | auto | the secondary answers a live probe: ok |
        | 00:25 | 14:00:25 | auto | the error budget is above the minimum: ok |
        | 00:30 | 14:00:30 | auto | no alert is firing: ok |
        | 00:35 | 14:00:35 | auto | the bypass is off: ok |
        | 00:40 | 14:00:40 | auto | the cache is kept out of drill traffic: ok |
        | 00:45 | 14:00:45 | auto | the pagers took a \[DRILL\] test: ok |
        | 00:50 | 14:00:50 | auto | the restore path is proven by a probe: ok |
        | 00:55 | 14:00:55 | auto | no other drill is open: ok |
        | 01:00 | 14:01:00 | auto | there is traffic enough to see it: ok |
        | 01:05 | 14:01:05 | ana | confirmed go: GO |
        | 01:05 | 14:01:05 | auto | phase baseline |
        | 01:10 | 14:01:10 | auto | the baseline is taken: ok |
        | 01:15 | 14:01:15 | sam | confirmed baseline-read: said baseline-read |
        | 01:15 | 14:01:15 | auto | phase induce |
        | 01:20 | 14:01:20 | auto | the secondary answers a live probe: ok |
        | 01:25 | 14:01:25 | raj | fault in: revoke the key at openai/gpt-5.4-mini |
        | 01:25 | 14:01:25 | auto | the first failure is seen: 401 from openai, key benched |
        | 01:25 | 14:01:25 | auto | phase observe |
        | 01:25 | 14:01:25 | auto | the first failed-over success is seen: by anthropic, 0.31 s |
        | 01:26 | 14:01:26 | sam | note: slack \| rang &lt;loud> |
        | 01:29 | 14:01:29 | ana | decision: we wait for the p95 |
        | 01:36 | 14:01:36 | sam | confirmed detected: 4 |
        | 01:36 | 14:01:36 | ana | skipped alert: no pager is configured |
        | 01:41 | 14:01:41 | auto | the alert is acknowledged: ok |
        | 01:46 | 14:01:46 | auto | the success rate is in target: ok |
        | 03:51 | 14:03:51 | auto | the latency is in target: ok |
        | 05:56 | 14:05:56 | ana | confirmed restore-go: GO |
        | 05:56 | 14:05:56 | auto | phase restore |
        | 06:01 | 14:06:01 | raj | fault taken out, as asked |
        | 06:06 | 14:06:06 | auto | the fault is out: ok |
        | 06:11 | 14:06:11 | auto | the primary answers: ok |
        | 06:11 | 14:06:11 | auto | phase verify |
        | 07:21 | 14:07:21 | auto | the alert resolved: ok |
        | 07:26 | 14:07:26 | ana | confirmed as-before: YES |
        | 07:26 | 14:07:26 | auto | phase closeout |
        | 07:26 | 14:07:26 | eve | finding drill-7-f1: no page for a refused key |
        | 07:26 | 14:07:26 | ana | closed finding drill-6-f1: page is late |
        | 07:31 | 14:07:31 | sam | confirmed summary: said summary |
        | 07:36 | 14:07:36 | sam | confirmed went: said went |
        | 07:41 | 14:07:41 | ana | confirmed surprise: said surprise |
        | 07:46 | 14:07:46 | ana | signed as lead |
        | 07:51 | 14:07:51 | raj | signed as operator |
        | 07:56 | 14:07:56 | sam | signed as scribe |
        | 08:01 | 14:08:01 | sam | report filed, drill closed |

        ## Evidence

        |  |  |
        | --- | --- |
        | Journal | 75 lines, the chain is whole |
        | Its last hash | c64b13597e653d197f713a92a2e548ea2cc1f04f47d18eec55a9d0b184a1df27 |
        | Requests | req\_01, req\_02 |
        | Not recorded | observers who wrote nothing; the longest queue; priority and link of a finding; links to exports |

        ## Signed off

        | Role | Name | When |
        | --- | --- | --- |
        | lead | ana | 2026-11-27 14:07:46 UTC |
        | operator | raj | 2026-11-27 14:07:51 UTC |
        | scribe | sam | 2026-11-27 14:07:56 UTC |

        Checksum of this text, its own digits taken as zeros: sha256:77d9fe8e9cf1a81f949bed22238771fa85e090440a0dab3a1a6ce53e5680e25c

        """#
}
