// swift-tools-version: 6.2
// SPDX-License-Identifier: Apache-2.0
import PackageDescription

/// The dialect every target speaks, stated once.
let dialect: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .treatAllWarnings(as: .error),
]

/// The modules that call C, where each unsafe expression is marked for the reviewer.
let dialectNearC: [SwiftSetting] = dialect + [.strictMemorySafety()]

let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")

let package = Package(
    name: "lifeboat",
    products: [.executable(name: "lifeboat", targets: ["lifeboat"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", exact: "4.5.2"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
        .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
        .package(url: "https://github.com/swhitty/FlyingFox", exact: "0.27.1"),
    ],
    targets: [
        .systemLibrary(name: "CArchive", pkgConfig: "libarchive", providers: [.apt(["libarchive-dev"])]),
        .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .systemLibrary(name: "CSSH2", pkgConfig: "libssh2", providers: [.apt(["libssh2-1-dev"])]),
        .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),
        .target(name: "Continuity", exclude: ["Maturity/model.yaml"], swiftSettings: dialect),
        .target(
            name: "Archiving",
            dependencies: ["CArchive", "CZstd", crypto],
            swiftSettings: dialectNearC),
        .target(name: "SecureShell", dependencies: ["CSSH2"], swiftSettings: dialectNearC),
        .target(
            name: "Ledger",
            dependencies: [
                "Continuity", crypto, .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "GRDBSQLite", package: "GRDB.swift"),
            ],
            swiftSettings: dialect),
        .target(
            name: "Operations",
            dependencies: [
                "Archiving", "CCurl", "Continuity", "Ledger", "SecureShell", crypto,
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Yams", package: "Yams"),
            ],
            swiftSettings: dialect),
        .target(name: "Reporting", dependencies: ["Continuity"], swiftSettings: dialect),
        .target(
            name: "Dashboard",
            dependencies: [
                "Continuity", "Reporting", .product(name: "FlyingFox", package: "FlyingFox"),
                .product(name: "FlyingSocks", package: "FlyingFox"),
            ],
            swiftSettings: dialect),
        .executableTarget(
            name: "lifeboat",
            dependencies: [
                "Continuity", "Dashboard", "Ledger", "Operations", "Reporting",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: dialect),
        .executableTarget(
            name: "scale-bench", dependencies: ["Continuity", "Ledger", "Operations"], path: "Tests/Bench",
            exclude: ["bench-scale"], swiftSettings: dialect),
        .target(name: "TestSupport", path: "Tests/TestSupport", swiftSettings: dialect),
        .executableTarget(
            name: "Fuzz", dependencies: ["Archiving", "Continuity", "Operations"], path: "Tests/Fuzz",
            swiftSettings: dialect),
        .testTarget(
            name: "ContinuityTests", dependencies: ["Continuity", "TestSupport"], swiftSettings: dialect),
        .testTarget(
            name: "ArchivingTests", dependencies: ["Archiving", "TestSupport", crypto],
            swiftSettings: dialect),
        .testTarget(
            name: "SecureShellTests", dependencies: ["SecureShell", "TestSupport"],
            swiftSettings: dialect),
        .testTarget(
            name: "LedgerTests",
            dependencies: [
                "Continuity", "Ledger", "TestSupport", .product(name: "GRDB", package: "GRDB.swift"),
            ],
            swiftSettings: dialect),
        .testTarget(
            name: "OperationsTests",
            dependencies: [
                "Archiving", "Continuity", "Ledger", "Operations", "Reporting", "SecureShell", "TestSupport",
            ],
            swiftSettings: dialect),
        .testTarget(
            name: "ReportingTests", dependencies: ["Continuity", "Reporting", "TestSupport"],
            swiftSettings: dialect),
        .testTarget(
            name: "DashboardTests", dependencies: ["TestSupport", "lifeboat"], swiftSettings: dialect),
        .testTarget(
            name: "LifeboatTests", dependencies: ["Continuity", "TestSupport", "lifeboat"],
            swiftSettings: dialect),
    ]
)
