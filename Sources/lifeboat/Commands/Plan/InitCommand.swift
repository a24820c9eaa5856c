// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Continuity
import Foundation
import Operations

struct InitCommand: Action {
    static let configuration = CommandConfiguration(
        commandName: "init", abstract: "Make a new workspace: an example plan, keys and a first drill.",
        discussion: "What is there already is left as it is.")

    @OptionGroup var common: CommonOptions

    @Argument(help: "The folder; it is made when it does not exist.", completion: .directory)
    var folder: String = "."

    func perform(_ console: Console) throws -> ExitStatus {
        let made = try WorkspaceMaker.make(in: folder, at: TimeSource.system.now())
        try console.print(made) {
            var lines = made.written.map { "made  \($0)" } + made.kept.map { "kept  \($0)" }
            lines += [
                "", "next:",
                "  1. put your own places into \(made.workspace)/Plans, and ask 'lifeboat plan check'",
                "  2. let 'lifeboat site check' reach and prove each site",
                "  3. run 'lifeboat backup', then rehearse the loss: 'lifeboat drill check'",
            ]
            return lines.joined(separator: "\n")
        }
        return .success
    }
}
