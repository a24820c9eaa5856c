// SPDX-License-Identifier: Apache-2.0
import Glibc

/// Feeds damaged manifests, indexes, age files, members and plans to their readers for a bounded time.
///
///     Fuzz [SECONDS [SEED [ROUND]]]
///
/// Every reader must end with its result or with one of the program's own errors, within the memory that `limit` sets.
/// Seed and round stand in a file while a round runs, so that a crash can be repeated: `Fuzz 1 SEED ROUND`.
@main
enum Fuzz {
    /// The address space that a round may use; allocating more ends the process.
    private static let limit: rlim_t = 4 << 30
    /// The memory that may have been resident at any time.
    private static let residentLimit = 1 << 30

    static func main() throws {
        let arguments = CommandLine.arguments.dropFirst().map { Int($0) }
        let seconds = arguments.first.flatMap(\.self) ?? 60
        let seed = arguments.dropFirst().first.flatMap(\.self) ?? Int.random(in: 1...999_999)
        var round = arguments.dropFirst(2).first.flatMap(\.self) ?? 0
        var bound = rlimit(rlim_cur: limit, rlim_max: limit)
        setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &bound)
        print("fuzz: seed \(seed), \(seconds) seconds; the round under way stands in \(RoundFile.path)")
        let targets = try Target.all()
        let mark = RoundFile()
        var accepted = [Int](repeating: 0, count: targets.count)
        var refused = accepted
        let end = time(nil) + seconds
        repeat {
            let number = round % targets.count
            mark.write(seed: seed, round: round, name: targets[number].name)
            var random = Random(seed: UInt64(seed) &+ UInt64(round) &* 0x9E37_79B9_7F4A_7C15)
            do {
                try targets[number].run(&random)
                accepted[number] += 1
            } catch  where targets[number].isClean(error) {
                refused[number] += 1
            } catch {
                print(
                    "fuzz: \(targets[number].name), seed \(seed), round \(round): not an error of ours: \(error)"
                )
                exit(1)
            }
            round += 1
        } while time(nil) < end
        for (number, target) in targets.enumerated() {
            print("fuzz: \(target.name): \(refused[number]) refused, \(accepted[number]) read")
        }
        let resident = residentPeak()
        print("fuzz: \(round) rounds, at most \(resident >> 20) MiB of memory")
        guard resident < residentLimit else {
            print("fuzz: that is more than \(residentLimit >> 20) MiB")
            exit(1)
        }
        mark.remove()
    }

    private static func residentPeak() -> Int {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return usage.ru_maxrss << 10
    }
}

/// Numbers that come again with the same seed (SplitMix64).
struct Random: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ word >> 30) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ word >> 27) &* 0x94D0_49BB_1331_11EB
        return word ^ word >> 31
    }

    /// Changes some bytes: one to eight changes of one kind or another.
    mutating func damage(_ bytes: [UInt8]) -> [UInt8] {
        var result = bytes
        for _ in 0..<Int.random(in: 1...8, using: &self) {
            guard !result.isEmpty else { return [UInt8.random(in: .min ... .max, using: &self)] }
            let place = Int.random(in: 0..<result.count, using: &self)
            switch Int.random(in: 0..<7, using: &self) {
            case 0: result[place] ^= 1 << UInt8.random(in: 0..<8, using: &self)
            case 1: result[place] = UInt8.random(in: .min ... .max, using: &self)
            case 2: result[place] = [0, 0x7f, 0x80, 0xff].randomElement(using: &self) ?? 0
            case 3:
                result.removeSubrange(place..<min(result.count, place + Int.random(in: 1...16, using: &self)))
            case 4:
                let piece = Array(
                    result[place..<min(result.count, place + Int.random(in: 1...32, using: &self))])
                result.insert(contentsOf: piece, at: Int.random(in: 0...result.count, using: &self))
            case 5: result.removeLast(Int.random(in: 1...min(64, result.count), using: &self))
            default:
                // A digit becomes another, so that numbers stay numbers and become absurd.
                guard let digit = result[place...].firstIndex(where: { (48...57).contains($0) }) else {
                    continue
                }
                result.replaceSubrange(
                    digit...digit,
                    with: Array("99999999999999999999".utf8.prefix(Int.random(in: 1...20, using: &self))))
            }
        }
        return result
    }
}

/// Says on disk what is being tried, for whoever looks after a crash.
struct RoundFile {
    static let path = "/tmp/lifeboat-fuzz-\(getpid())"
    private let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)

    func write(seed: Int, round: Int, name: String) {
        let line = Array("seed \(seed) round \(round) \(name)                    \n".utf8)
        pwrite(descriptor, line, line.count, 0)
    }

    func remove() {
        close(descriptor)
        unlink(Self.path)
    }
}
