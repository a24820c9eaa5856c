// SPDX-License-Identifier: Apache-2.0

/// `RESTORE.txt`: how one point is restored from one store with nothing but `age`, `zstd`, `tar` and `ssh-keygen`.
///
/// The text explains itself and is a script of bash at the same time. It never takes files by a pattern: it knows
/// each file by name, holds all of them against the signed manifests, and unpacks nothing before the whole chain
/// is checked. It lies in the point's folder and finds the points before it beside that.
package struct RecoveryCard: Sendable {
    /// One point of the chain, with the names that its files have in this store.
    package struct Point: Sendable {
        package let manifest: SealedManifest
        /// The attempt that counts; a role that is not named here is a first attempt.
        package let attempts: [StoreFile.Role: Int]

        package init(_ manifest: SealedManifest, attempts: [StoreFile.Role: Int] = [:]) {
            self.manifest = manifest
            self.attempts = attempts
        }

        fileprivate func name(_ role: StoreFile.Role) -> String {
            StoreFile(role, attempt: attempts[role] ?? 1).name
        }
    }

    private let chain: [Point]
    private let writer: String

    /// Takes the chain, full first and the card's own point last, and who signs in the allowed_signers file.
    ///
    /// - Throws: `malformed` if the points do not build on each other, or if the writer's name cannot stand in a
    ///   command.
    package init(chain: [Point], writer: String) throws(ArchiveError) {
        guard let first = chain.first, first.manifest.manifest.kind == .full else {
            throw Self.malformed("the chain does not begin with a full point")
        }
        for (before, point) in zip(chain, chain.dropFirst()) {
            let parent = point.manifest.manifest.parent
            guard parent?.manifestSHA256 == before.manifest.sha256 else {
                throw Self.malformed("\(point.manifest.manifest.point) does not build on the point before it")
            }
        }
        guard !writer.isEmpty, Manifest.isLine(writer), !writer.contains("'"), !writer.hasPrefix("-") else {
            throw Self.malformed("'\(writer.prefix(80))' cannot stand in a command")
        }
        self.chain = chain
        self.writer = writer
    }

    private static func malformed(_ detail: String) -> ArchiveError {
        ArchiveError(.malformed, "write the recovery card", detail: detail)
    }

    /// The card.
    package var text: String {
        ([introduction, Self.functions] + chain.map(check) + ["", Self.emptyTarget] + chain.map(unpack) + [
            ending
        ])
        .joined(separator: "\n") + "\n"
    }

    // MARK: - Sections

    private var introduction: String {
        let manifest = chain[chain.count - 1].manifest.manifest
        let points = chain.map {
            "#     \($0.manifest.manifest.point)  (\($0.manifest.manifest.parts.count) parts)"
        }
        return """
            # RECOVERY CARD of dataset \(manifest.dataset), point \(manifest.point)
            #
            # It restores the state of \(manifest.consistencyAt) without Lifeboat. You need bash, age, zstd,
            # GNU tar, OpenSSH (8.7 or newer) and coreutils, and three things that do not lie in this store:
            #
            #     KEY       a file with an age secret key (AGE-SECRET-KEY-1...) of one of these recipients:
            \(manifest.recipients.map { "#                   \($0)" }.joined(separator: "\n"))
            #     SIGNERS   the allowed_signers file from the escrow; it must name '\(writer)'
            #     TARGET    a new or empty folder
            #
            # Run it as root, so that owners, devices and capabilities come back, from the folder it lies in:
            #
            #     bash \(chain[chain.count - 1].name(.card)) KEY SIGNERS TARGET
            #
            # or type the commands yourself. These points are needed, in this order, side by side:
            \(points.joined(separator: "\n"))
            \(longPathNote)set -euo pipefail
            export LC_ALL=C
            key=$(realpath -- "${1:?KEY is missing}") signers=$(realpath -- "${2:?SIGNERS is missing}")
            mkdir -p -- "${3:?TARGET is missing}"; target=$(realpath -- "$3")
            cd -- "$(dirname -- "${BASH_SOURCE[0]:-.}")"
            """
    }

    private var longPathNote: String {
        let count = chain.reduce(0) { $0 + $1.manifest.manifest.counts.longPaths }
        guard count > 0 else { return "#\n" }
        return """
            #
            # \(count) paths are longer than the 4095 bytes that GNU tar can restore. It names them, and they are
            # left out here; 'lifeboat restore' brings them back.

            """
    }

    private static let functions = #"""

        # Holds SHA256SUMS against the signed manifest: as many files, these hashes, in this order; then the files.
        hashes() {
          { grep -o '"number":[0-9]*,"sha256":"[0-9a-f]*"' "$1" || :
            grep -o '"index":{[^}]*}' "$1"
            grep -o '"deleted":{[^}]*}' "$1" || :; } | grep -o '[0-9a-f]\{64\}'
        }
        check() { # manifest, signature, sums, time of the signature
          TZ=UTC ssh-keygen -Y verify -f "$signers" -I "$writer" -n lifeboat-manifest -O verify-time="$4" -s "$2" < "$1"
          cmp <(hashes "$1") <(cut -c1-64 "$3") || { echo "$3 is not what $1 lists" >&2; exit 1; }
          sha256sum -c --quiet --strict "$3"
        }
        # Removes one path at a time; refuses whatever would lead out of the target.
        remove() {
          local path at rest
          while IFS= read -r -d '' path; do
            case "/$path/" in *//*|*/./*|*/../*) echo "unsafe path in the deletions" >&2; exit 1;; esac
            at=$target rest=$path
            while [[ $rest == */* ]]; do
              at+=/${rest%%/*} rest=${rest#*/}
              [[ ! -L $at ]] || { echo "a folder of the deletions is a link" >&2; exit 1; }
            done
            # tar did not restore a path as long as this.
            (( ${#path} < 4096 )) || continue
            if [[ -d $target/$path && ! -L $target/$path ]]; then rmdir -- "$target/$path"; else rm -f -- "$target/$path"; fi
          done
        }
        decrypt() { for file in "$@"; do age -d -i "$key" "$file" || return; done; }
        unpack() {
          tar -C "$target" -xpf - --numeric-owner --acls --xattrs --xattrs-include='*' --delay-directory-restore \
            --warning=no-unknown-keyword
        }
        """#

    private static let emptyTarget = """
        # Nothing was unpacked so far. From here on the target is filled.
        [ -z "$(ls -A -- "$target")" ] || { echo "$target is not empty" >&2; exit 1; }

        """

    private func check(_ point: Point) -> String {
        let manifest = point.manifest.manifest
        // OpenSSH reads a time without a zone in that of TZ; the suffix Z it knows only since 9.1.
        let time = manifest.endedAt.compact.filter(\.isNumber)
        var lines = [
            "",
            "# \(manifest.point): signature, list and hashes of \(manifest.parts.count) parts",
            "writer='\(writer)'",
            "cd ../\(manifest.point)",
        ]
        if let parent = manifest.parent,
            let before = chain.first(where: { $0.manifest.manifest.point == parent.point })
        {
            lines.append(
                "grep -qF '\"manifest_sha256\":\"'\"$(sha256sum < ../\(parent.point)/\(before.name(.manifest)) | cut -c1-64)\" "
                    + "\(point.name(.manifest))")
        }
        lines.append(
            "check \(point.name(.manifest)) \(point.name(.signature)) \(point.name(.checksums)) \(time)")
        let files = Checksums(manifest, attempts: point.attempts).lines.map(\.file.name)
        lines.append("[ \"$(wc -l < \(point.name(.checksums)))\" = \(files.count) ]")
        return lines.joined(separator: "\n")
    }

    private func unpack(_ point: Point) -> String {
        let manifest = point.manifest.manifest
        var lines = ["cd ../\(manifest.point)"]
        if manifest.deleted != nil {
            lines.append("decrypt \(point.name(.deleted)) | zstd -dc | remove")
        }
        if !manifest.parts.isEmpty {
            let parts = manifest.parts.map { point.name(.part($0.number)) }.joined(separator: " ")
            // Only tar itself may end with status 2, and only where it must.
            let tar = manifest.counts.longPaths > 0 ? "{ unpack || [ $? = 2 ]; }" : "unpack"
            lines.append("decrypt \(parts) | zstd -dc | \(tar)")
        }
        return lines.joined(separator: "\n")
    }

    private var ending: String {
        "echo \"restored \(chain[chain.count - 1].manifest.manifest.point) to $target\""
    }
}
