import ArgumentParser
import Engine
import Guardrails
import Routing
import SLO
import Settings
import Storage

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

struct Prices: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "The price table, and prices of your own.",
        subcommands: [List.self, Import.self]
    )

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Every price that Nines knows: the config's, imported and shipped ones. Needs no engine."
        )
        @OptionGroup var options: CommonOptions
        @Flag(help: "The same as JSON, in nano-dollars per million tokens.") var json = false

        func run() throws {
            let surroundings = Surroundings()
            let config =
                surroundings.locate(options).path == nil
                ? nil : try surroundings.config(options, purpose: .check, isQuiet: true)
            let ledger = try existingLedger(surroundings, config)
            let imported = try ledger?.importedPrices() ?? []
            let table = RouteTable(config ?? NinesConfig(), imported: imported)
            let now = Int64(Date().timeIntervalSince1970 * 1_000)
            let list = PriceList(
                rows: (config.map(ownPrices) ?? []) + table.priceRows,
                unpriced: table.unpriced(at: now).map { "\($0.id) (\($0.provider)/\($0.model))" },
                estimates: try ledger?.tokenEstimator()?.models ?? [:]
            )
            print(json ? try list.json : list.text)
        }

        /// The database where there is one: a list of prices makes none.
        private func existingLedger(_ surroundings: Surroundings, _ config: NinesConfig?) throws -> Ledger? {
            guard let path = locateDatabase(option: options.db, config: config, environment: surroundings.environment),
                FileManager.default.fileExists(atPath: path)
            else { return nil }
            return try Ledger.openToRead(path: path)
        }

        private func ownPrices(_ config: NinesConfig) -> [PriceRow] {
            config.groups.flatMap(\.deployments).compactMap { deployment in
                config.prices[deployment.id].map {
                    PriceRow(
                        provider: deployment.provider,
                        model: deployment.model,
                        price: $0,
                        source: "config, deployment \(deployment.id)"
                    )
                }
            }
        }
    }

    struct Import: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Take in a LiteLLM cost map, in place of the one before; it counts from the engine's next start."
        )
        @Argument(help: ArgumentHelp("model_prices_and_context_window.json.", valueName: "file")) var file: String
        @OptionGroup var options: CommonOptions

        func run() throws {
            let (rows, skipped) = try read().rows(source: "LiteLLM's cost map \(file), \(today)")
            guard !rows.isEmpty else {
                let why = skipped.first.map { ": \($0.model): \($0.reason)" } ?? ""
                throw Failure("\(file) has no price that could be taken\(why); nothing was changed")
            }
            let surroundings = Surroundings()
            let config =
                surroundings.locate(options).path == nil
                ? nil : try surroundings.config(options, purpose: .check, isQuiet: true)
            let path = try surroundings.database(options, config)
            // Not `open`: the objectives in the file are the config's.
            let ledger =
                FileManager.default.fileExists(atPath: path)
                ? try Ledger.openToRead(path: path)
                : try Ledger.open(path: path, objectives: config?.objectives ?? .init())
            try ledger.keep(rows)
            print("\(rows.count) prices imported into \(path); they count from the next start")
            guard !skipped.isEmpty else { return }
            print("\(skipped.count) left out:")
            for (reason, models) in Dictionary(grouping: skipped, by: \.reason).sorted(by: { $0.key < $1.key }) {
                let names = models.prefix(5).map(\.model).joined(separator: ", ")
                print("  \(reason): \(names)\(models.count > 5 ? " and \(models.count - 5) more" : "")")
            }
        }

        private func read() throws -> CostMap {
            let data: Data
            do {
                data = try Data(contentsOf: URL(fileURLWithPath: file))
            } catch {
                throw Failure("can't read \(file): there is no such file, or it may not be read")
            }
            do {
                return try JSONDecoder().decode(CostMap.self, from: data)
            } catch {
                throw Failure("\(file) is no LiteLLM cost map: expected a JSON object with one member a model")
            }
        }

        private var today: String { Date().formatted(.iso8601.year().month().day()) }
    }
}

/// What `nines prices list` prints.
private struct PriceList {
    /// Those that stand first count before later ones of the same model.
    let rows: [PriceRow]
    /// Deployments of the config without a price.
    let unpriced: [String]
    /// By provider and model.
    let estimates: [String: TokenCalibration]

    var text: String {
        let header = [
            "PROVIDER", "MODEL", "INPUT", "OUTPUT", "CACHED", "WRITE", "WRITE 1H", "HOLDS", "ESTIMATES", "SOURCE",
        ]
        let lines = rows.flatMap { row in
            [cells(row, row.price, from: holds(row))]
                + row.tiers.map { cells(row, $0.price, from: "above \($0.above) tokens in") }
        }
        let table = [header] + lines
        let widths = header.indices.map { column in table.map { $0[column].count }.max() ?? 0 }
        var text = "US dollars per million tokens\n"
        for line in table {
            let padded = zip(line, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }
            text += padded.joined(separator: "  ").trimmingSuffix(" ") + "\n"
        }
        for deployment in unpriced {
            text += "no price: \(deployment); set input_cost_per_token and output_cost_per_token, or import one\n"
        }
        return String(text.dropLast())
    }

    private func cells(_ row: PriceRow, _ price: TokenPrice, from holds: String) -> [String] {
        let prices = [price.input, price.output, price.cacheRead, price.cacheWrite, price.cacheWriteLong]
        return [row.provider, row.model] + prices.map(dollars) + [holds, estimate(row), row.source]
    }

    private func holds(_ row: PriceRow) -> String {
        let words = [
            row.from.map { "from \(day($0))" }, row.until.map { "until \(day($0))" },
            row.hours.isEmpty
                ? nil : row.hours.map { "\($0.lowerBound)-\($0.upperBound)h" }.joined(separator: ",") + " UTC",
        ]
        return words.compactMap { $0 }.joined(separator: " ")
    }

    /// `±4% of 812`: the mean error of so many estimates.
    private func estimate(_ row: PriceRow) -> String {
        guard let known = estimates["\(row.provider)/\(row.model)"], known.samples > 0 else { return "" }
        return "±\(Int((min(known.meanError, 10) * 100).rounded()))% of \(known.samples)"
    }

    private func day(_ milliseconds: Int64) -> String {
        Date(timeIntervalSince1970: Double(milliseconds) / 1_000).formatted(.iso8601.year().month().day())
    }

    /// Nano-dollars as dollars, without needless zeros.
    private func dollars(_ nano: Int64) -> String {
        let (whole, rest) = nano.quotientAndRemainder(dividingBy: 1_000_000_000)
        guard rest > 0 else { return "\(whole)" }
        let digits = String(rest)
        return "\(whole)." + (String(repeating: "0", count: 9 - digits.count) + digits).trimmingSuffix("0")
    }

    var json: String {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
            encoder.keyEncodingStrategy = .convertToSnakeCase
            let known = estimates.sorted { $0.key < $1.key }.map {
                Document.Estimate(model: $0.key, samples: $0.value.samples, meanError: $0.value.meanError)
            }
            let document = Document(prices: rows, unpriced: unpriced, estimates: known)
            return String(decoding: try encoder.encode(document), as: UTF8.self)
        }
    }

    private struct Document: Encodable {
        struct Estimate: Encodable {
            let model: String
            let samples: Int
            let meanError: Double
        }
        let unit = "nano-dollars per million tokens"
        let prices: [PriceRow]
        let unpriced: [String]
        let estimates: [Estimate]
    }
}

extension String {
    fileprivate func trimmingSuffix(_ character: Character) -> String {
        String(self[..<(lastIndex { $0 != character }.map(index(after:)) ?? startIndex)])
    }
}
