// swift-tools-version: 6.2
import PackageDescription

/// Settings that every target of ours shares.
///
/// Warnings are errors in our code alone: dependencies keep their own rules.
let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .treatAllWarnings(as: .error),
]

/// One of our Swift targets, with the shared settings.
func layer(_ name: String, _ dependencies: [Target.Dependency] = [], resources: [Resource]? = nil) -> Target {
    .target(name: name, dependencies: dependencies, resources: resources, swiftSettings: settings)
}

/// The tests of one target; what a test needs beyond its subject is named.
func tests(
    _ name: String,
    _ dependencies: [Target.Dependency] = [],
    exclude: [String] = [],
    resources: [Resource]? = nil
) -> Target {
    .testTarget(
        name: "\(name)Tests",
        dependencies: [.byName(name: name)] + dependencies,
        exclude: exclude,
        resources: resources,
        swiftSettings: settings
    )
}

let httpServer: Target.Dependency = .product(name: "HummingbirdCore", package: "hummingbird")
let nioHTTPTypes: Target.Dependency = .product(name: "NIOHTTPTypes", package: "swift-nio-extras")
let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let lifecycle: Target.Dependency = .product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let unixSignals: Target.Dependency = .product(name: "UnixSignals", package: "swift-service-lifecycle")
let nioCore: Target.Dependency = .product(name: "NIOCore", package: "swift-nio")
let nioPosix: Target.Dependency = .product(name: "NIOPosix", package: "swift-nio")
let nioHTTP1: Target.Dependency = .product(name: "NIOHTTP1", package: "swift-nio")
let httpTypes: Target.Dependency = .product(name: "HTTPTypes", package: "swift-http-types")

let package = Package(
    name: "nines",
    platforms: [.macOS(.v15)],
    products: [.executable(name: "nines", targets: ["nines"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        // What Swift cannot import by itself. Linked by name: `pkgConfig:` prints a warning on every build.
        .target(
            name: "CNcurses",
            linkerSettings: [
                .linkedLibrary("ncursesw", .when(platforms: [.linux])),
                .linkedLibrary("tinfo", .when(platforms: [.linux])),
                .linkedLibrary("ncurses", .when(platforms: [.macOS])),
            ]
        ),
        .target(name: "CCurl", linkerSettings: [.linkedLibrary("curl")]),

        // Values.
        layer("SLO"),
        layer("Routing"),
        layer("Guardrails"),
        layer("Wire"),
        layer("Drills"),

        // Renderers.
        layer("Console", ["SLO"]),
        // Its templates are in the program itself, so that the binary alone has them.
        layer(
            "Kit",
            ["SLO", "Guardrails", .product(name: "Mustache", package: "swift-mustache")],
            resources: [.embedInCode("Templates")]
        ),

        // Edges.
        layer("Settings", ["Routing", "Guardrails", "SLO", .product(name: "Yams", package: "Yams")]),
        layer("Upstream", ["CCurl", "Routing"]),
        layer("Storage", ["SLO", .product(name: "GRDB", package: "GRDB.swift")]),
        layer(
            "FrontDoor",
            ["Wire", httpServer, nioCore, nioPosix, nioHTTP1, nioHTTPTypes, httpTypes, logging]
        ),
        layer("Exports", ["SLO", "Routing", "Wire", "Upstream", crypto, logging]),
        layer("Terminal", ["CNcurses", "Console"]),
        layer("Simulator", [nioCore, nioPosix, nioHTTP1, logging]),

        // The console's stand-in that the tests of Terminal run in a pseudo-terminal; no product.
        .executableTarget(
            name: "terminal-probe",
            dependencies: ["Console", "Terminal"],
            path: "Sources/TerminalProbe",
            swiftSettings: settings
        ),

        // Program.
        layer(
            "Engine",
            [
                "SLO", "Routing", "Guardrails", "Wire", "Drills", "Console", "Settings", "Upstream", "Storage",
                "Exports", "FrontDoor", crypto, nioCore, logging,
            ]
        ),
        .executableTarget(
            name: "nines",
            dependencies: [
                "Engine", "Settings", "Console", "Terminal", "Simulator", "Storage", "Upstream", "FrontDoor",
                "Routing", "Guardrails", "SLO", "Drills", "Wire", "Exports",
                .product(name: "ArgumentParser", package: "swift-argument-parser"), logging, lifecycle, unixSignals,
                nioCore, nioPosix,
            ],
            swiftSettings: settings
        ),

        // Measures the program beside it; no product.
        .executableTarget(
            name: "nines-bench",
            dependencies: ["Simulator", "Storage", "SLO", logging, nioCore, nioPosix],
            path: "Sources/Bench",
            swiftSettings: settings
        ),

        tests("SLO"), tests("Routing", exclude: ["Fixtures"]), tests("Wire"), tests("Guardrails"), tests("Drills"),
        tests("Console"), tests("Kit", ["SLO", "Guardrails"], exclude: ["Fixtures"]),
        tests("Settings", ["Routing", "SLO", "Guardrails"]), tests("Upstream", ["Routing"]),
        tests("Storage", exclude: ["Fixtures"]),
        // The house itself: who imports what, and what no source may hold.
        .testTarget(name: "HouseTests", swiftSettings: settings),
        // HTTP receivers on loopback that fail as a test says.
        .target(name: "Receivers", path: "Tests/Receivers", swiftSettings: settings),
        tests("Exports", ["SLO", "Routing", "Wire", "Upstream", "Receivers", logging]),
        tests("Simulator"), tests("Terminal", ["Console", "terminal-probe"]),
        tests(
            "Engine",
            [
                "FrontDoor", "Settings", "Simulator", "Storage", "Upstream", "Routing", "Guardrails", "Console", "SLO",
                "Wire", "Drills", nioCore, nioPosix, logging, .product(name: "GRDB", package: "GRDB.swift"),
            ]
        ),
        // The built program, from outside: its commands and its screen.
        .testTarget(
            name: "ProgramTests",
            dependencies: ["nines", "Receivers", "Storage", "SLO", "Upstream", "Routing"],
            swiftSettings: settings
        ),
    ]
)
