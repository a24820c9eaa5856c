// SPDX-License-Identifier: Apache-2.0
import ArgumentParser

@main
struct Lifeboat: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lifeboat", abstract: "Verified copies, rehearsed disasters, measured recoveries.",
        version: "0.1.0")
}
