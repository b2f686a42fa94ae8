import Testing

@testable import Wire

struct JSONValueTests {
    @Test(arguments: [
        #"{"b":1.0e+2,"a":[true,false,null,-0.50],"b":"x"}"#, #""\u0001\n\"\\/é""#, "[]", "{}",
        "12345678901234567890.1",
        #"[{"a":{}},[[]]]"#,
    ])
    func keepsOrderAndNumbers(_ text: String) throws {
        let value = try JSONValue(Array(text.utf8))
        #expect(value.rendered == text)
        #expect(try JSONValue(value.bytes) == value)
    }

    @Test func escapesAreResolved() throws {
        #expect(try JSONValue(Array(#""\ud83d\ude00\t\u00e9""#.utf8)) == .string("😀\té"))
        #expect(try JSONValue(Array(#"{"\u0061":1}"#.utf8))["a"]?.integer == 1)
    }

    @Test func lastOfTwoKeysCountsAndNullIsAbsent() throws {
        let value = try JSONValue(Array(#"{"a":1,"a":2,"b":null}"#.utf8))
        #expect(value["a"]?.integer == 2)
        #expect(value["b"] == nil)
    }

    @Test(arguments: ["", "{", "[1,]", "nul", #"{"a"}"#, "1 2", "\u{FEFF}1"])
    func refuses(_ text: String) {
        #expect(throws: JSONError.self) { try JSONValue(Array(text.utf8)) }
    }

    @Test func depthIsBounded() throws {
        func nested(_ levels: Int) -> [UInt8] {
            Array((String(repeating: "[", count: levels) + String(repeating: "]", count: levels)).utf8)
        }
        #expect(try JSONValue(nested(200)).bytes == nested(200))
        #expect(throws: JSONError.self) { try JSONValue(nested(201)) }
        #expect(throws: JSONError.self) { try JSONValue(nested(500_000)) }
    }
}
