// SPDX-License-Identifier: Apache-2.0

extension RetentionCase {
    static let all: [RetentionCase] = counts + calendars + clocks + chains + refusals + limits

    private static let counts: [RetentionCase] = [
        .init(
            title: "last keeps the newest",
            keep: "last=2",
            points: "a@2026-01-01T00:00 b@2026-01-02T00:00 c@2026-01-03T00:00",
            expired: "a"),
        .init(
            title: "last larger than what there is",
            keep: "last=9",
            points: "a@2026-01-01T00:00 b@2026-01-02T00:00",
            expired: ""),
        .init(
            title: "order of the input does not matter",
            keep: "last=1",
            points: "c@2026-01-03T00:00 a@2026-01-01T00:00 b@2026-01-02T00:00",
            expired: "a b"),
        .init(
            title: "hourly keeps the newest of each hour",
            keep: "hourly=2",
            points: "a@2026-01-01T01:10 b@2026-01-01T01:50 c@2026-01-01T02:10 d@2026-01-01T02:50",
            expired: "a c"),
        .init(
            title: "hours without a point do not use up the count",
            keep: "hourly=2",
            points: "a@2026-01-01T01:00 b@2026-01-05T09:00 c@2026-01-09T17:00",
            expired: "a"),
        .init(
            title: "daily keeps the newest of each day",
            keep: "daily=2",
            points: "a@2026-01-01T01:00 b@2026-01-01T23:00 c@2026-01-02T01:00 d@2026-01-02T23:00",
            expired: "a c"),
        .init(
            title: "days without a point do not use up the count",
            keep: "daily=3",
            points: "a@2026-01-01T01:00 b@2026-02-01T01:00 c@2026-03-01T01:00 d@2026-04-01T01:00",
            expired: "a"),
        .init(
            title: "rules add up",
            keep: "last=1 daily=1 monthly=2",
            points: "a@2026-01-05T00:00 b@2026-01-31T00:00 c@2026-02-01T00:00 d@2026-02-01T09:00",
            expired: "a c"),
        .init(
            title: "within counts back from the newest point",
            keep: "within=48h",
            points: "a@2026-01-01T00:00 b@2026-01-03T00:00 c@2026-01-04T00:00",
            now: "2027-12-31T00:00",
            expired: "a"),
        .init(
            title: "within keeps the point on its edge",
            keep: "within=24h",
            points: "a@2026-01-01T00:00 b@2026-01-02T00:00",
            expired: ""),
        .init(
            title: "one point left stays",
            keep: "last=1",
            points: "a@2020-01-01T00:00",
            expired: ""),
        .init(
            title: "no points at all",
            keep: "last=1",
            points: "",
            expired: ""),
    ]

    private static let calendars: [RetentionCase] = [
        .init(
            title: "weeks begin on Monday",
            keep: "weekly=2",
            points: "a@2026-01-04T12:00 b@2026-01-05T12:00 c@2026-01-11T12:00 d@2026-01-12T12:00",
            expired: "a b"),
        .init(
            title: "a week that spans the year's end is one week",
            keep: "weekly=1",
            points: "a@2025-12-29T12:00 b@2025-12-31T12:00 c@2026-01-01T12:00",
            expired: "a b"),
        .init(
            title: "the year's end parts the years",
            keep: "yearly=2",
            points: "a@2025-12-31T22:00 b@2025-12-31T23:00 c@2026-01-01T00:00",
            expired: "a"),
        .init(
            title: "yearly over a gap",
            keep: "yearly=3",
            points: "a@2018-06-01T00:00 b@2020-06-01T00:00 c@2021-06-01T00:00 d@2026-06-01T00:00",
            expired: "a"),
        .init(
            title: "leap day is a day of its own",
            keep: "daily=3",
            points: "a@2024-02-27T06:00 b@2024-02-28T06:00 c@2024-02-29T06:00 d@2024-03-01T06:00",
            expired: "a"),
        .init(
            title: "leap day belongs to February",
            keep: "monthly=2",
            points: "a@2024-02-28T06:00 b@2024-02-29T06:00 c@2024-03-01T06:00",
            expired: "a"),
        .init(
            title: "the 31st is not the next month",
            keep: "monthly=2",
            points: "a@2026-01-30T06:00 b@2026-01-31T06:00 c@2026-02-28T06:00",
            expired: "a"),
        .init(
            title: "short February after a long January",
            keep: "monthly=3",
            points: "a@2025-12-31T06:00 b@2026-01-31T06:00 c@2026-02-28T06:00 d@2026-03-31T06:00",
            expired: "a"),
        // 16:30 UTC on the 31st is half past midnight on the 1st there.
        .init(
            title: "month ends in a zone ahead of UTC",
            keep: "monthly=2",
            points: "a@2026-01-31T15:30 b@2026-01-31T16:30 c@2026-02-28T16:30",
            zone: "Asia/Shanghai",
            expired: "a"),
        .init(
            title: "days in a zone with half hours",
            keep: "daily=1",
            points: "a@2026-01-01T18:00 b@2026-01-01T18:29 c@2026-01-01T18:31 d@2026-01-02T18:20",
            zone: "Asia/Kolkata",
            expired: "a b c"),
        .init(
            title: "a zone behind UTC",
            keep: "daily=2",
            points: "a@2026-01-02T03:00 b@2026-01-02T04:59 c@2026-01-02T05:01",
            zone: "America/New_York",
            expired: "a"),
    ]

    private static let clocks: [RetentionCase] = [
        .init(
            title: "the hour that comes twice is two hours",
            keep: "hourly=2",
            points: "a@2026-10-25T00:10 b@2026-10-25T00:50 c@2026-10-25T01:50",
            zone: "Europe/Berlin",
            expired: "a"),
        .init(
            title: "the hour that is skipped takes nothing",
            keep: "hourly=2",
            points: "a@2026-03-29T00:10 b@2026-03-29T00:50 c@2026-03-29T01:10",
            zone: "Europe/Berlin",
            expired: "a"),
        .init(
            title: "the day of 23 hours is a day",
            keep: "daily=2",
            points: "a@2026-03-28T22:59 b@2026-03-28T23:01 c@2026-03-29T21:59 d@2026-03-29T22:01",
            zone: "Europe/Berlin",
            expired: "a b"),
        .init(
            title: "the day of 25 hours is a day",
            keep: "daily=1",
            points: "a@2026-10-24T22:01 b@2026-10-25T22:58",
            zone: "Europe/Berlin",
            expired: "a"),
        .init(
            title: "the day after the day of 25 hours",
            keep: "daily=2",
            points: "a@2026-10-24T22:01 b@2026-10-25T22:50 c@2026-10-25T23:05",
            zone: "Europe/Berlin",
            expired: "a"),
        .init(
            title: "clocks back in America",
            keep: "hourly=3",
            points: "a@2026-11-01T05:30 b@2026-11-01T05:40 c@2026-11-01T06:30 d@2026-11-01T07:30",
            zone: "America/New_York",
            expired: "a"),
        .init(
            title: "a zone that skipped a whole day",
            keep: "daily=2",
            points: "a@2011-12-29T20:00 b@2011-12-30T09:59 c@2011-12-30T10:01",
            zone: "Pacific/Apia",
            now: "2012-02-01T00:00",
            expired: "a"),
    ]

    private static let chains: [RetentionCase] = [
        .init(
            title: "a kept point keeps its parents",
            keep: "last=1",
            points: "f@2026-01-01T00:00 i@2026-01-02T00:00<f j@2026-01-03T00:00<i",
            expired: ""),
        .init(
            title: "an old chain goes, what builds on a point first",
            keep: "last=1",
            points: "f@2026-01-01T00:00 i@2026-01-02T00:00<f j@2026-01-03T00:00<i g@2026-01-04T00:00",
            expired: "j i f"),
        .init(
            title: "siblings of a kept point go",
            keep: "daily=1 last=1",
            points: "f@2026-01-01T00:00 i@2026-01-02T00:00<f j@2026-01-03T00:00<f",
            expired: "i"),
        .init(
            title: "a middle day keeps its chain",
            keep: "monthly=2",
            points: "f@2026-01-30T00:00 i@2026-01-31T00:00<f g@2026-02-01T00:00",
            expired: ""),
        .init(
            title: "a parent that is not here does no harm",
            keep: "last=1",
            points: "i@2026-01-02T00:00<gone j@2026-01-03T00:00",
            expired: "i"),
        .init(
            title: "two chains, the older first",
            keep: "last=1",
            points:
                "f@2026-01-01T00:00 i@2026-01-02T00:00<f g@2026-01-03T00:00 j@2026-01-04T00:00<g h@2026-01-05T00:00",
            expired: "i f j g"),
        .init(
            title: "unverified points push no verified one out",
            keep: "last=1",
            points: "a@2026-01-01T00:00 b@2026-01-02T00:00! c@2026-01-03T00:00",
            expired: "a"),
        .init(
            title: "a point that is not whole pushes no whole one out",
            keep: "daily=1",
            points: "a@2026-01-02T01:00 b@2026-01-02T02:00~ c@2026-01-02T03:00",
            expired: "a"),
        // a was caught up last, so on arrival time it is the newest.
        .init(
            title: "late arrival keeps a point by its other date",
            keep: "daily=1",
            points: "a@2026-01-01T00:00/2026-01-09T00:00 b@2026-01-02T00:00 c@2026-01-03T00:00",
            expired: "b"),
        .init(
            title: "back-dated points push nothing out on arrival time",
            keep: "last=1",
            points:
                "a@2026-01-03T00:00/2026-01-03T00:01 b@2026-01-01T00:00/2026-01-05T00:00 c@2026-01-02T00:00/2026-01-06T00:00",
            expired: "b"),
    ]

    private static let refusals: [RetentionCase] = [
        .init(
            title: "nothing while held",
            keep: "last=1",
            points: "a@2026-01-01T00:00 b@2026-01-02T00:00",
            holds: ["drill 7"],
            expired: "",
            refusal: "held: drill 7"),
        .init(
            title: "nothing without a rule",
            keep: "",
            points: "a@2026-01-01T00:00 b@2026-01-02T00:00",
            expired: "",
            refusal: "no keep rule"),
        .init(
            title: "nothing with a rule of zero",
            keep: "last=0",
            points: "a@2026-01-01T00:00 b@2026-01-02T00:00",
            expired: "",
            refusal: "no keep rule"),
        .init(
            title: "nothing with a date in the future",
            keep: "last=1",
            points: "a@2026-01-01T00:00 b@2027-06-01T00:00",
            expired: "",
            refusal: "future"),
        .init(
            title: "nothing with an arrival in the future",
            keep: "last=1",
            points: "a@2026-01-01T00:00 b@2026-01-02T00:00/2027-06-01T00:00",
            expired: "",
            refusal: "future"),
        .init(
            title: "a clock a little ahead is borne",
            keep: "last=1",
            points: "a@2026-01-01T00:00 b@2026-12-31T00:05",
            expired: "a"),
        .init(
            title: "nothing when a point came before it was made",
            keep: "last=1",
            points: "a@2026-01-02T00:00/2026-01-01T00:00 b@2026-01-03T00:00",
            expired: "",
            refusal: "a arrived before"),
        .init(
            title: "nothing when two claim one instant",
            keep: "last=1",
            points: "a@2026-01-01T00:00 b@2026-01-01T00:00 c@2026-01-03T00:00",
            expired: "",
            refusal: "same instant"),
        .init(
            title: "nothing when a child is older than its parent",
            keep: "last=1",
            points: "i@2026-01-01T00:00<f f@2026-01-02T00:00 g@2026-01-03T00:00",
            expired: "",
            refusal: "builds on"),
        .init(
            title: "nothing when the newest is unverified",
            keep: "last=1",
            points: "a@2026-01-01T00:00 b@2026-01-02T00:00 c@2026-01-03T00:00!",
            expired: "",
            refusal: "not verified"),
        .init(
            title: "nothing when the newest is not whole",
            keep: "last=1",
            points: "a@2026-01-01T00:00 b@2026-01-02T00:00 c@2026-01-03T00:00~",
            expired: "",
            refusal: "not whole"),
        .init(
            title: "nothing when the newest has shrunk",
            keep: "last=1",
            points: "a@2026-01-01T00:00#1000 b@2026-01-02T00:00#1000 c@2026-01-03T00:00#400",
            expired: "",
            refusal: "400 files"),
        .init(
            title: "a little smaller is no alarm",
            keep: "last=1",
            points: "a@2026-01-01T00:00#1000 b@2026-01-02T00:00#1000 c@2026-01-03T00:00#600",
            expired: "a b"),
    ]

    private static let limits: [RetentionCase] = [
        .init(
            title: "at most a share goes in one run",
            keep: "last=1",
            points: "a@2026-01-01T00:00 b@2026-01-02T00:00 c@2026-01-03T00:00 d@2026-01-04T00:00",
            share: 0.25,
            expired: "a",
            deferred: "b c"),
        .init(
            title: "one may always go",
            keep: "last=1",
            points: "a@2026-01-01T00:00 b@2026-01-02T00:00",
            share: 0.1,
            expired: "a"),
        .init(
            title: "the share never breaks a chain",
            keep: "last=1",
            points: "f@2026-01-01T00:00 i@2026-01-02T00:00<f j@2026-01-03T00:00<i g@2026-01-04T00:00",
            share: 0.5,
            expired: "j i",
            deferred: "f"),
    ]
}
