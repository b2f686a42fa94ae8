package import Guardrails
package import Storage

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What guardrails keep in the ledger beside its rows.
extension Ledger {
    private static let estimatorKey = "token_estimator"
    private static let pricesKey = "imported_prices"

    /// What models have taught about tokens; nil where nothing was kept.
    package func tokenEstimator() throws -> TokenEstimator? { try kept(Self.estimatorKey, as: TokenEstimator.self) }

    func keep(_ estimator: TokenEstimator) throws { try keep(Self.estimatorKey, estimator) }

    /// Prices that `nines prices import` took in; empty before.
    package func importedPrices() throws -> [PriceRow] { try kept(Self.pricesKey, as: [PriceRow].self) ?? [] }

    /// Puts `rows` in place of the prices imported before; an engine reads them at its next start.
    package func keep(_ rows: [PriceRow]) throws { try keep(Self.pricesKey, rows) }

    private func kept<Value: Decodable>(_ key: String, as type: Value.Type) throws -> Value? {
        try setting(key).map { try JSONDecoder().decode(type, from: Data($0.utf8)) }
    }

    private func keep(_ key: String, _ value: some Encodable) throws {
        try set(key, value: String(decoding: JSONEncoder().encode(value), as: UTF8.self))
    }
}
