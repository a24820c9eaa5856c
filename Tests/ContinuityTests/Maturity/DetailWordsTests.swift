// SPDX-License-Identifier: Apache-2.0
import Continuity
import Foundation
import Testing

@Suite("What is behind a measured value, in both languages")
struct DetailWordsTests {
    private static let moment = GradeScene.asOf
    private static let span = Span(lower: .seconds(60), upper: .seconds(90))

    /// Every kind at least once; names are digits, so that no Latin letter is a name.
    private static let examples: [Detail] =
        [
            .names([]), .names(["7", "8"]), .missing([]), .missing(["7"]), .registerIsOpen,
            .all([.registerIsOpen, .plan(.itsWord)]),
        ] + Counted.allCases.map { .over(3, $0) } + books.map(Detail.books) + trends.map(Detail.trends)
        + plans.map(Detail.plan) + pipelines.map(Detail.pipelines) + probes.map(Detail.probes)
        + drills.map(Detail.drills) + recoveries.map(Detail.recovery) + standbys.map(Detail.standby)
        + copies.map(Detail.copies) + exposures.map(Detail.exposure)

    private static let books: [Detail.OfBooks] =
        [.noReading, .noTraining, .noShift, .shifts(3), .noTimedAlert, .undecided(2), .recordsAreOpen]
        + Counted.allCases.flatMap {
            [.noneConcerned(of: 3, $0), .noneOnRecord($0), .some(1, of: 3, $0), .recordsOfAreOpen($0)]
        }

    private static let trends: [Detail.OfTrends] =
        [.byMonth([1, 2]), .repeats(early: 0.1, late: 0.2), .knownMonths(1, of: 12), .noQuarter]
        + Counted.allCases.map { .halves(early: 1, late: 2, $0) }

    private static let plans: [Detail.OfPlan] = [
        .noScenarios, .noRecoveryTeam, .noServiceInScope, .noSeverityTargets, .noPlatform, .noInstanceAway,
        .noAvailability(service: "7"), .itsWord, .silos(["7", "8"]), .itsInstances,
    ]

    private static let pipelines: [Detail.OfPipelines] = [
        .onRecord(3), .noFailure(in: 3), .noFailureKnown, .noRequestTime, .medianOf(3),
        .repaired(3, open: 1, median: .seconds(60), longest: .seconds(90)),
    ]

    private static let probes: [Detail.OfProbes] = [
        .noProbe(service: "7"), .outages(2, coverage: 0.5, resolution: .seconds(60)), .fed(3), .noSamples,
        .slowest(of: 3), .facilities(1, of: 2), .proven([]), .proven(["7"]),
    ]

    private static let drills: [Detail.OfDrills] =
        [
            .counted(2, Exercise.allCases), .registerIsOpen, .inStretch(1, name: "2026 Q2"),
            .fewest(.drills(.inStretch(1, name: "2026 Q2"))), .noneIn(["2026 Q2"], Exercise.allCases),
            .noStretch, .noneHeld, .unreported([]), .unreported(["7"]),
        ] + flaws.map { .flawed(run: "7", $0) }

    private static let flaws: [HeldDrill.Flaw] = [
        .aborted, .nothingDone, .nobodyPresent, .noResult, .noReport, .notMeasured(service: "7"),
    ]

    private static let recoveries: [Detail.OfRecovery] = [
        .none(service: "7"), .timeNotMeasured(service: "7"), .notBack(service: "7"),
        .back(service: "7", after: span, assumed: .zero),
        .back(service: "7", after: Span(lower: .seconds(1), upper: nil), assumed: .seconds(60)),
        .pointNotMeasured(service: "7"), .nothingBack(service: "7"), .lost(service: "7", span),
        .inDrill(.lost(service: "7", span), run: "8"), .beyondTheCopies,
    ]

    private static let standbys: [Detail.OfStandby] =
        Standby.allCases.flatMap { promised -> [Detail.OfStandby] in
            [.notBroughtBack(service: "7", promised: promised)]
                + [true, false, nil].map {
                    .broughtBack(service: "7", run: "8", restored: $0, promised: promised)
                }
        } + [.standbyProbes(atLeast: 0.9)]

    private static let copies: [Detail.OfCopies] =
        [.noneRecorded(dataset: "7"), .nothingLookedAt, .knownSince(moment), .noRun(dataset: "7")]
        + [.no(.verifiedFull), .no(.recoverable), .runsKnownSince(moment)]
        + [.gap(.recoverable, dataset: "7", from: moment - .days(1), to: moment)]
        + [.nowhere, .sameFacility, .sameCity, .remote, .places(2)].map { .lay($0, at: moment) }

    private static let exposures: [Detail.OfExposure] = [
        .notKnown(dataset: "7"), .noSurvivor(dataset: "7", site: "8"), .noDataset(service: "7"),
        .worst(dataset: "7", seconds: 60, at: moment, since: nil),
        .worst(dataset: "7", seconds: nil, at: moment, since: moment),
    ]

    /// The kinds that the sources declare, such as `.OfPlan.noScenarios`.
    private static let kinds: [String] = {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let folder = root.path + "/Sources/Continuity/Maturity/Details"
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return files.sorted().flatMap {
            kinds((try? String(contentsOfFile: "\(folder)/\($0)", encoding: .utf8)) ?? "")
        }
    }()

    private static func kinds(_ source: String) -> [String] {
        var owner = ""
        return source.split(separator: "\n").compactMap { line in
            if let match = line.firstMatch(of: /enum ([A-Za-z]+)/) { owner = String(match.output.1) }
            return line.firstMatch(of: /^ +case ([a-z][A-Za-z]*)/).map { ".\(owner).\($0.output.1)" }
        }
    }

    @Test func `are all found in the sources`() {
        #expect(Self.kinds.count > 80, "\(Self.kinds)")
        #expect(Self.kinds.contains(".OfPlan.noScenarios"))
    }

    @Test func `have an example of every kind`() {
        let told = Self.examples.map { String(reflecting: $0) }.joined(separator: "\n")
        let words = Set(told.matches(of: /\.[A-Z][A-Za-z]*\.[a-z][A-Za-z]*/).map { String($0.output) })
        #expect(Self.kinds.filter { !words.contains($0) } == [])
    }

    @Test(arguments: DetailWordsTests.examples)
    func `are words in each language`(detail: Detail) {
        let words = detail.words
        #expect(!words.english.isEmpty && Self.isLatin(words.english), "\(words.english)")
        #expect(Self.latin(words.chinese) == [], "\(words.chinese)")
        if detail != .names(["7", "8"]) { #expect(!Self.isLatin(words.chinese), "\(words.chinese)") }
        for text in [words.english, words.chinese] { #expect(!text.contains("{}"), "\(text)") }
        for digit in ["7", "8"] {
            #expect(words.english.contains(digit) == words.chinese.contains(digit), "\(words.chinese)")
        }
    }

    @Test func `are said of every member that falls short`() throws {
        var scene = GradeScene(try GradeScene.plan())
        let empty = try scene.grade(tables: Set(1...23))
        scene.adopt(at: GradeScene.begin - .days(3))
        scene.backup(at: GradeScene.asOf - .days(2))
        scene.drill("d", .simulation, at: GradeScene.asOf - .days(1), outcome: .failed, point: nil)
        let names = Set(
            (scene.plan.datasets.map(\.id) + scene.plan.services.map(\.id) + scene.plan.sites.map(\.id)
                + scene.plan.people.map(\.id) + scene.plan.scenarios).flatMap(Self.latin))
        var count = 0
        for report in [empty, try scene.grade(tables: Set(1...23))] {
            for offender in report.tables.flatMap(\.dimensions).flatMap(\.criteria).flatMap(\.offenders) {
                count += 1
                let chinese = try #require(offender.detailZh)
                let member = offender.memberZh ?? offender.member
                #expect(
                    Set(Self.latin("\(member)：\(chinese)")).subtracting(names) == [], "\(member): \(chinese)")
            }
        }
        #expect(count > 100)
    }

    private static func isLatin(_ text: String) -> Bool {
        text.unicodeScalars.allSatisfy { $0.value < 0x2e80 }
    }

    /// Its words of Latin letters; shorter ones are units of time.
    private static func latin(_ text: String) -> [String] {
        text.split { !$0.isLetter || !$0.isASCII }.map(String.init).filter { $0.count > 2 }
    }
}
