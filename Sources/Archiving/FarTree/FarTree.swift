// SPDX-License-Identifier: Apache-2.0

/// A tree of another machine as a source: listed by that machine's `find`, read by its `tar`.
package struct FarTree {
    /// The listing, sorted, with what is left out already gone from it.
    let listing: FarListing
    let reader: any FarTreeReader
    /// How far that machine's clock is ahead of this one's, in nanoseconds.
    let clockOffset: Int64

    /// Takes a listing and the way to the machine it came from.
    package init(listing: FarListing, reader: any FarTreeReader, clockOffset: Int64) {
        self.listing = listing
        self.reader = reader
        self.clockOffset = clockOffset
    }
}

/// Has the other machine's tar pack members; used by one thread.
package protocol FarTreeReader: AnyObject {
    /// Packs these paths in their order, each without what is below it.
    ///
    /// - Parameters:
    ///   - names: relative to the source's folder, each begun with `./` and ended by NUL.
    ///   - body: takes the tar stream piece by piece; `nil` at its end. It may leave before.
    /// - Returns: what tar said on standard error, in the C locale and with quoting style `c`.
    /// - Throws: when the machine could not be asked, or tar could not be run; paths that tar could not read
    ///   are no error.
    func pack(_ names: [UInt8], _ body: (_ next: @escaping () throws -> [UInt8]?) throws -> Void) throws
        -> [UInt8]
}

/// The commands that the other machine is asked to run.
///
/// GNU find and GNU tar are what it must have.
package enum FarCommands {
    private static let format = #"%m %U %G %s %T@ %C@ %i %D %n %b\0%u\0%g\0%P\0%l\0"#

    /// The words of `find` that list the current folder; a folder that cannot be looked into is of type `X`.
    package static func list(staysOnFileSystem: Bool) -> [String] {
        ["find", "."] + (staysOnFileSystem ? ["-xdev"] : []) + [
            "-type", "d", "!", "(", "-readable", "-executable", ")", "-printf", "X " + format, "-prune", "-o",
            "-printf", "%y " + format,
        ]
    }

    /// The words of `tar` that pack what standard input names.
    ///
    /// ACLs come as the attributes that the kernel shows, so nothing of them is lost in a text.
    package static let pack = [
        "tar", "--create", "--format=posix", "--pax-option=hdrcharset:=BINARY,delete=atime,delete=ctime",
        "--no-recursion", "--hard-dereference", "--sparse", "--xattrs", "--xattrs-include=*",
        "--quoting-style=c",
        "--null", "--verbatim-files-from", "--files-from=-", "--file=-",
    ]
}
