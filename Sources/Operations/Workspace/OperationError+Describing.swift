// SPDX-License-Identifier: Apache-2.0
import Archiving
import Foundation
import Glibc
import Ledger
import SecureShell

extension OperationError {
    /// Any error of the modules below, in words and with a code that decides on the exit status.
    package init(describing error: any Error) {
        switch error {
        case let error as OperationError: self = error
        case let error as RemoteError: self.init(Code(error.code), "\(error)", hint: error.hint)
        case let error as ArchiveError: self.init(Code(error.code), "\(error)", hint: error.hint)
        case let error as RestoreInterrupted:
            let cause = OperationError(describing: error.cause)
            self.init(cause.code, "\(error)", hint: cause.hint)
        case let error as LedgerError: self.init(Code(error.code), "\(error)", hint: error.hint)
        case let error as CocoaError: self.init(.ioFailed, Self.words(of: error))
        default: self.init(.failed, "\(error)")
        }
    }

    /// What the system said, such as `No such file or directory`, behind an error of Foundation's.
    package static func words(of error: any Error) -> String {
        guard let posix = (error as? CocoaError)?.underlying as? POSIXError else {
            return error.localizedDescription
        }
        return String(cString: strerror(posix.code.rawValue))
    }
}

extension OperationError.Code {
    init(_ code: LedgerError.Code) {
        self =
            switch code {
            case .damaged: .damaged
            case .busy: .refused
            case .diskFull, .unavailable: .ioFailed
            case .permissionDenied: .permissionDenied
            case .newer: .badInput
            }
    }
}

extension OperationError.Code {
    init(_ code: RemoteError.Code) {
        self =
            switch code {
            case .unreachable, .timedOut, .connectionLost, .negotiationFailed, .protocolFailure: .unreachable
            case .hostKeyUnknown, .hostKeyChanged: .refused
            case .identityUnusable, .authenticationFailed, .permissionDenied, .notSupported, .refused:
                .permissionDenied
            case .noSuchFile, .exists, .remoteFailure, .outputTooLarge: .failed
            case .diskFull, .quotaExceeded: .ioFailed
            case .cut: .cancelled
            }
    }

    init(_ code: ArchiveError.Code) {
        self =
            switch code {
            case .damaged, .truncated, .malformed, .unsupported, .notAgeFile, .badSignature, .unknownSigner,
                .hostile, .missing:
                .damaged
            case .wrongKey: .permissionDenied
            case .notEmpty: .refused
            case .cancelled: .cancelled
            case .ioFailed, .libraryFailed: .ioFailed
            }
    }
}
