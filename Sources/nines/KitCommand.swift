import ArgumentParser
import Kit
import Settings

struct KitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "kit",
        abstract: "Write the papers for clients and for the team, filled from config and ledger. Needs no engine."
    )
    @Argument(help: ArgumentHelp("The folder; 'kit' where none is named, of one tenant 'kit-ID'.", valueName: "dir"))
    var folder: String?
    @Option(help: ArgumentHelp("For one client, from that tenant's traffic alone.", valueName: "id"))
    var tenant: String?
    @Flag(help: "Write the templates instead, for a team to change: then name their folder in nines.kit.templates.")
    var templates = false
    @OptionGroup var options: CommonOptions

    func validate() throws {
        if templates, tenant != nil { throw ValidationError("--templates are the same for every tenant") }
    }

    func run() throws {
        if templates {
            let files = KitTemplates.shipped.sorted { $0.key < $1.key }.map { PaperFile(path: $0.key, text: $0.value) }
            return try PaperFolder(folder ?? "templates").place(files)
        }
        let gathering = try KitGathering(options, tenant: tenant)
        let input = try gathering.input()
        for warning in warnings(about: input) { printError("warning: \(shown(warning.text))") }
        let own = try ownTemplates(gathering.config.kit)
        let papers: [Paper]
        do throws(KitError) {
            papers = try Kit.papers(input, templates: KitTemplates(own: own))
        } catch {
            throw Failure(error.text)
        }
        try PaperFolder(folder ?? defaultFolder).place(papers.flatMap(\.files))
        let clients = PaperKind.allCases.filter(\.isForClients).map(\.rawValue).joined(separator: ", ")
        print("For clients: \(clients). The others are the team's.")
    }

    /// A tenant's id may hold anything; where that shows, a digest keeps two clients' papers apart.
    private var defaultFolder: String {
        guard let tenant else { return "kit" }
        let name = String(tenant.map { $0.isASCII && ($0.isLetter || $0.isNumber || "._-".contains($0)) ? $0 : "-" })
        return "kit-\(name)" + (name == tenant ? "" : "-\(PaperFolder.digest(tenant).prefix(8))")
    }
}
