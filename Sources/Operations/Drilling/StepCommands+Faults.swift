// SPDX-License-Identifier: Apache-2.0
import Continuity
import SecureShell

extension StepCommands {
    /// What makes a fault at its host.
    ///
    /// Everything of ours at the host carries the run's name, so that a sweep finds it without a journal.
    func injection(of fault: Fault, step: Step) throws -> PreparedCommand {
        let state = Self.stateFolder(of: step)
        switch fault.kind {
        case .siteBlock(let site):
            let addresses = plan.hosts.filter { $0.site == site }.map(\.ssh.host)
            return block(step, addresses)
        case .netBlock(let addresses): return block(step, try values.fill(addresses))
        case .dnsBreak: return own(HostScripts.breakNames, [table(of: step)])
        case .netDelay(let device, let delay):
            return own(HostScripts.slow, [device, "delay", "\(delay.wholeNanoseconds / 1_000)us"])
        case .netLoss(let device, let share):
            return own(HostScripts.slow, [device, "loss", "\(share * 100)%"])
        case .serviceStop(let stop, _): return try line(stop)
        case .hostOff(let off, _): return try line(off)
        case .serviceKill(let file, _): return own(HostScripts.killProcess, [try values.fill(file)])
        case .processPause(let file):
            return own(HostScripts.pauseProcess, [try values.fill(file), state])
        case .diskFill(let path, let leave):
            return own(HostScripts.fillDisk, [try values.fill(path), fillName(step), String(leave)])
        case .readOnly(let path): return own(HostScripts.remount, [try values.fill(path), "ro"])
        case .cpuLoad(let workers): return own(HostScripts.loadProcessor, [loadName(step), String(workers)])
        case .memLoad(let bytes): return own(HostScripts.loadMemory, [loadName(step), String(bytes)])
        case .fileDamage(let path):
            return own(HostScripts.damage, [try values.fill(path), run, state])
        case .credRevoke(let path): return own(HostScripts.hide, [try values.fill(path), hiddenName(step)])
        case .personAbsent, .documentAbsent, .vaultAbsent:
            throw OperationError(.failed, "the fault \(fault.kindName) touches no host")
        }
    }

    func healing(of fault: Fault, step: Step) throws -> PreparedCommand {
        switch fault.heal {
        case .run(let arguments): return try line(arguments)
        case .script(let path, let arguments): return try script(path, arguments)
        case .auto: break
        }
        let state = Self.stateFolder(of: step)
        switch fault.kind {
        case .siteBlock, .netBlock, .dnsBreak: return own(HostScripts.unblock, [table(of: step)])
        case .netDelay(let device, _), .netLoss(let device, _): return own(HostScripts.unslow, [device])
        case .serviceStop(_, let start), .serviceKill(_, let start): return try line(start)
        case .hostOff(_, let on): return try line(on)
        case .processPause: return own(HostScripts.resumeProcess, [state])
        case .diskFill(let path, _):
            return own(HostScripts.emptyDisk, [try values.fill(path), fillName(step)])
        case .readOnly(let path): return own(HostScripts.remount, [try values.fill(path), "rw"])
        case .cpuLoad, .memLoad: return own(HostScripts.unload, [loadName(step)])
        case .fileDamage: return own(HostScripts.mend, [state])
        case .credRevoke(let path): return own(HostScripts.unhide, [try values.fill(path), hiddenName(step)])
        case .personAbsent, .documentAbsent, .vaultAbsent:
            throw OperationError(.failed, "the fault \(fault.kindName) touches no host")
        }
    }

    private func own(_ script: String, _ arguments: [String]) -> PreparedCommand {
        PreparedCommand(line: shellQuoted(["sh", "-c", script, "lifeboat-drill"] + arguments))
    }

    private func block(_ step: Step, _ addresses: [String]) -> PreparedCommand {
        own(HostScripts.block, [table(of: step)] + addresses)
    }

    /// The step's own table; nft names take no dash.
    func table(of step: Step) -> String {
        "drill_" + (run + "_" + step.id).map { $0.isLetter || $0.isNumber ? String($0) : "_" }.joined()
    }

    private func fillName(_ step: Step) -> String { ".lifeboat-drill-\(run)-\(step.id).fill" }
    private func hiddenName(_ step: Step) -> String { ".lifeboat-drill-\(run)-\(step.id).hidden" }
    private func loadName(_ step: Step) -> String { "lifeboat-drill-load-\(run)-\(step.id)" }

    /// Beside the folders of the step's units, whichever of them is the current one.
    private static func stateFolder(of step: Step) -> String { "../\(step.id).state" }
}
