// SPDX-License-Identifier: Apache-2.0
import Continuity
import Foundation
import Ledger
import Operations

// scale-bench make FOLDER [DATASETS COPY_EVENTS SERVICES]   a ledger of one year, and its plan
// scale-bench status|grade|measure|check|repair FOLDER   one measurement: seconds and peak memory
//
// 'make bench-scale' runs all of them, each in a process of its own, and holds them to their floors.

var words = CommandLine.arguments.dropFirst()
guard let work = words.popFirst(), let folder = words.popFirst() else {
    fatalError("scale-bench make|status|grade|measure|check|repair FOLDER")
}
let numbers = words.compactMap { Int($0) }
let bench = ScaleBench(folder: folder)
switch work {
case "make":
    try bench.make(
        datasets: numbers.first ?? 10_000, copyEvents: numbers.dropFirst().first ?? 5_000_000,
        services: numbers.dropFirst(2).first ?? 200)
case "plan": try bench.report("plan: read and check", bench.readPlan)
case "status": try bench.report("status: heads of all datasets, judged", bench.status)
case "grade": try bench.report("grade: 23 tables over the year", bench.grade)
case "measure": try bench.report("measure: exposure, availability, incidents of the year", bench.measure)
case "check": try bench.report("ledger check", bench.check)
case "repair": try bench.report("ledger repair", bench.repair)
case "append": try bench.report("append one backup at a time", bench.append)
default: fatalError("scale-bench does not know \(work)")
}
