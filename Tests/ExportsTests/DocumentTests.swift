import Exports
import SLO
import Testing
import Wire

struct TableTests {
    let table = TableFormat(columns: ["id", "cost, usd", "n"])

    @Test func aHeaderIsALine() { #expect(table.csvHeader == "id,\"cost, usd\",n\r\n") }

    @Test(
        "a cell as CSV",
        arguments: [
            (TableCell.text("plain"), "plain"), (.text("a,b"), "\"a,b\""), (.text("say \"hi\""), "\"say \"\"hi\"\"\""),
            (.text("two\nlines"), "\"two\nlines\""), (.text("two\r\nlines"), "\"two\r\nlines\""), (.text(""), ""),
            (.text(" a "), "\" a \""),
            (.text("=1+1"), "'=1+1"), (.text("+1"), "'+1"), (.text("-1"), "'-1"), (.text("@SUM(A1)"), "'@SUM(A1)"),
            (.text("\tx"), "'\tx"),
            (.text("  =cmd|' /C calc'!A0"), "'  =cmd|' /C calc'!A0"),
            (.text("=HYPERLINK(\"x\",\"y\")"), "\"'=HYPERLINK(\"\"x\"\",\"\"y\"\")\""),
            (.integer(-5), "-5"), (.number(0.25), "0.25"), (.number(.nan), ""), (.money(15_000_000), "0.015"),
            (.money(-1), "-0.000000001"), (.money(2_000_000_000), "2"), (.bool(true), "true"), (.unknown, ""),
        ]
    )
    func csv(cell: TableCell, text: String) { #expect(table.csvLine([cell]) == text + "\r\n") }

    @Test func aRowIsAJSONObject() throws {
        let text = table.json([.text("=1\n"), .money(1_500_000), .unknown])
        #expect(text == #"{"id":"=1\n","cost, usd":0.0015,"n":null}"#)
    }
}

struct OpenSLOTests {
    static let text: String = {
        var objectives = Objectives()
        objectives.window = .seconds(30 * 86_400)
        let queries = IndicatorQueries(
            valid: "SELECT valid",
            good: "SELECT \"good\": 1 # no comment",
            timed: "SELECT timed",
            fast: "SELECT fast",
            meanCost: "SELECT cost"
        )
        return openSLO(objectives, service: "ACME's Router", queries: queries)
    }()

    /// Documents, each as its lines.
    static let documents = text.split(separator: "---\n").map { $0.split(separator: "\n").map(String.init) }

    @Test func eachDocumentHasItsKind() {
        let kinds = Self.documents.map { $0[1] }
        #expect(
            kinds == ["Service", "SLO", "SLO", "SLI"].map { "kind: \"\($0)\"" }
                + Array(repeating: ["AlertPolicy", "AlertCondition"], count: 4).flatMap(\.self).map {
                    "kind: \"\($0)\""
                }
                + ["kind: \"AlertNotificationTarget\""]
        )
        #expect(Self.documents.allSatisfy { $0[0] == "apiVersion: \"openslo/v1\"" })
    }

    @Test func namesAreRFC1123() {
        let names = Self.text.matches(of: /(?:name|Ref): "([^"]*)"/).map { String($0.1) }
        #expect(names.count > 15)
        #expect(names.filter { $0.wholeMatch(of: /[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?/) == nil } == [])
        #expect(names.contains("acme-s-router-success"))
    }

    @Test func theSuccessObjective() {
        #expect(
            Self.documents[1] == [
                #"apiVersion: "openslo/v1""#,
                #"kind: "SLO""#,
                #"metadata:"#,
                #"  name: "acme-s-router-success""#,
                #"  displayName: "Share of requests served as promised""#,
                #"spec:"#,
                #"  description: "Share of requests served as promised""#,
                #"  service: "acme-s-router""#,
                #"  indicator:"#,
                #"    metadata:"#,
                #"      name: "acme-s-router-success-ratio""#,
                #"    spec:"#,
                #"      ratioMetric:"#,
                #"        counter: true"#,
                #"        good:"#,
                #"          metricSource:"#,
                #"            type: "SQLite""#,
                #"            spec:"#,
                #"              query: "SELECT \"good\": 1 # no comment""#,
                #"        total:"#,
                #"          metricSource:"#,
                #"            type: "SQLite""#,
                #"            spec:"#,
                #"              query: "SELECT valid""#,
                #"  timeWindow:"#,
                #"    - duration: "30d""#,
                #"      isRolling: true"#,
                #"  budgetingMethod: "Occurrences""#,
                #"  objectives:"#,
                #"    - displayName: "Share of requests served as promised""#,
                #"      target: 0.995"#,
                #"  alertPolicies:"#,
                #"    - alertPolicyRef: "acme-s-router-burn-1h""#,
                #"    - alertPolicyRef: "acme-s-router-burn-6h""#,
                #"    - alertPolicyRef: "acme-s-router-burn-1d""#,
                #"    - alertPolicyRef: "acme-s-router-burn-3d""#,
            ]
        )
    }

    @Test func costIsAnIndicatorWithItsLimit() {
        #expect(Self.documents[3].contains(#"    "nines/limit-usd": "0.015""#))
    }

    @Test func burnRatesArePolicies() {
        let condition = Self.documents[5].drop { $0 != "spec:" }
        #expect(
            Array(condition) == [
                "spec:", #"  severity: "page""#, "  condition:", #"    kind: "burnrate""#, #"    op: "gt""#,
                "    threshold: 14.4", #"    lookbackWindow: "1h""#, #"    alertAfter: "5m""#,
            ]
        )
    }
}
