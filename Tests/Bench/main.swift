// SPDX-License-Identifier: Apache-2.0
import Continuity
import Foundation
import Ledger
import Operations

// scale-bench make FOLDER [DATASETS COPY_EVENTS SERVICES]   a workspace with a ledger of one year, and its plan
// scale-bench plan|append|check|repair FOLDER   one measurement: seconds and peak memory
//
// 'make bench-scale' runs these, and times the program's own commands on the same workspace.

var words = CommandLine.arguments.dropFirst()
guard let work = words.popFirst(), let folder = words.popFirst() else {
    fatalError("scale-bench make|plan|append|check|repair FOLDER")
}
let numbers = words.compactMap { Int($0) }
let bench = ScaleBench(folder: folder)
switch work {
case "make":
    try bench.make(
        datasets: numbers.first ?? 10_000, copyEvents: numbers.dropFirst().first ?? 5_000_000,
        services: numbers.dropFirst(2).first ?? 200)
case "plan": try bench.report("plan: read and check", bench.readPlan)
case "check": try bench.report("ledger check", bench.check)
case "repair": try bench.report("ledger repair", bench.repair)
case "append": try bench.report("append one backup at a time", bench.append)
default: fatalError("scale-bench does not know \(work)")
}
